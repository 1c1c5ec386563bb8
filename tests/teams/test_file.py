"""The teams file: what is read, and how each mistake is told."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.teams.domain import Priority, RequestType, Source, SplitOfWork
from bot.teams.file import TEAM_KEYS, TeamsFile, read_file, read_text
from bot.teams.plans import Every, JiraTarget
from tests.teams.make import EXAMPLE, ORDERS, changed, example, payments, two_teams

MINIMAL = "teams:\n" + ORDERS


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        read_text(text, "teams.yml")
    return list(refusal.value.lines)


def test_the_example_is_read_whole() -> None:
    team = payments()
    assert (team.key, team.name, team.lead) == ("payments", "Payments", "U0LEAD0001")
    assert team.members == ("U0ALICE001", "U0BOB00001", "U0CAROL001")
    assert team.channels == ("C0TRIAGE01", "C0ASKPAY01")
    assert (team.working_hours.from_, team.working_hours.to) == (time(9), time(18))
    assert team.zone.key == "Europe/Kyiv"
    assert [rule.source for rule in team.sources] == [Source.MANAGEMENT, Source.PARTNER, Source.SUPPORT]
    assert team.split_of_work is SplitOfWork.PULL
    assert team.claim_within[Priority.LOW] == timedelta(days=2)
    assert team.ticket_emoji_channels is None
    assert team.jira == JiraTarget(project="PAY", issue_type="Task", labels=("from-slack",), components=())
    first = team.priority_rules[0]
    assert (first.type, first.component, first.priority) == (RequestType.BUG, "Billing", Priority.URGENT)


def test_every_key_of_a_team_stands_in_the_example_or_its_remarks() -> None:
    untold = [key for key in TEAM_KEYS if f"{key}:" not in example()]
    assert untold == []


def test_how_work_is_shared_out_is_read() -> None:
    text = changed("    split_of_work: pull", "    split_of_work: round_robin\n    max_open: 4")
    team = read_text(text.replace("idle_claim: 3d", "idle_claim: 5 d"), "teams.yml").teams[0]
    assert (team.split_of_work, team.max_open, team.idle_days) == (SplitOfWork.ROUND_ROBIN, 4, 5)
    plain = read_text(MINIMAL, "teams.yml").teams[0]
    assert (plain.max_open, plain.idle_days, plain.retention) == (None, 3, None)
    kept = read_text(text.replace("idle_claim: 3d", "retention: 365d"), "teams.yml").teams[0]
    assert kept.retention == timedelta(days=365)


def test_the_forms_first_values_are_one_or_a_list_in_words() -> None:
    text = changed(
        "jira: {project: PAY,",
        "jira: {fields: {Severity: Major, customfield_10031: [Web, 3]}, unfurl: true, project: PAY,",
    )
    target = read_text(text, "teams.yml").teams[0].jira
    assert target is not None
    assert target.fields == {"Severity": ("Major",), "customfield_10031": ("Web", "3")}
    assert target.unfurl


def test_the_examples_rotation_is_read() -> None:
    rotation = payments().rotation
    assert rotation is not None
    assert (rotation.every, rotation.on, rotation.at) == (Every.WEEK, 0, time(10))
    assert (rotation.starts, rotation.user_group) == (date(2026, 11, 2), "S0ONDUTY01")


def test_the_examples_check_ins_are_read() -> None:
    morning, evening = payments().standups
    assert (morning.name, morning.at, morning.timezone) == ("Morning", time(9, 30), "member")
    assert (morning.open_for, morning.remind_before) == (timedelta(hours=2), timedelta(minutes=30))
    assert (len(morning.questions), morning.blocker_question) == (3, 3)
    assert (evening.remind_before, evening.blocker_question) == (timedelta(minutes=30), None)


def test_what_is_left_out_gets_its_default() -> None:
    team = read_text(MINIMAL, "teams.yml").teams[0]
    assert (team.ticket_emoji, team.components, team.intake_channels) == ("ticket", (), ())
    assert team.claim_within[Priority.URGENT] == timedelta(minutes=15)
    assert team.working_hours.days == {0, 1, 2, 3, 4}
    assert (team.rotation, team.standups, team.jira) == (None, (), None)


def test_several_teams_keep_their_order() -> None:
    assert [team.key for team in two_teams().teams] == ["payments", "orders"]


def test_no_team_at_all_may_be_meant() -> None:
    assert read_text("teams: []", "teams.yml") == TeamsFile(settings=())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('at: "10:00"}', "at: 10:00}"),
        ("on: monday", "on: Mon"),
        ("ticket_emoji: ticket", 'ticket_emoji: ":ticket:"'),
        ("component: Billing", "component: billing"),
        ("starts: 2026-11-02", 'starts: "2026-11-02"'),
        ("days: mon-fri, from", "days: 'mon,tue-fri', from"),
        ("low: 2d", "low: 48h"),
    ],
)
def test_other_spellings_mean_the_same(old: str, new: str) -> None:
    assert read_text(changed(old, new), "teams.yml") == read_text(example(), "teams.yml")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("urgent: 15m", "urgent: 15x", "claim_within.urgent", "15m, 4h or 2d"),
        ("urgent: 15m", "urgent: 0m", "claim_within.urgent", "15m, 4h or 2d"),
        ("urgent: 15m", "urgent: 9999d", "claim_within.urgent", "at most 8w"),
        ("urgent: 15m", "urgnet: 15m", "claim_within.urgnet", "did you mean urgent?"),
        ("intake_channels:", "intake_chanels:", "intake_chanels", "did you mean intake_channels?"),
        ("lead: U0LEAD0001", "lead: alice", "lead", "begins with U or W"),
        ("U0BOB00001, U0CAROL001]   #", "U0BOB00001, bob]   #", "members[2]", "begins with U or W"),
        ("triage_channel: C0TRIAGE01", "triage_channel: '#triage'", "triage_channel", "begins with C or G"),
        ("user_groups: [S0PARTNERS]", "user_groups: [C0PARTNERS]", "sources.partner.user_groups[0]", "begins with S"),
        ("timezone: Europe/Kyiv", "timezone: Mars/Base", "timezone", "Europe/Kyiv or UTC"),
        ('from: "09:00"', 'from: "25:61"', "working_hours.from", '"00:00" to "23:59"'),
        ('to: "18:00"', 'to: "08:00"', "working_hours.to", "is not after 09:00"),
        ("days: mon-fri, from", "days: 0-9, from", "working_hours.days", "mon-fri, mon-sun"),
        ("type: bug", "type: bugg", "priority_rules[0].when.type", "question, bug, task, incident"),
        ("component: Billing", "component: Refunds", "priority_rules[0].when.component", "Billing, Checkout"),
        ("{when: {source: management}", "{when: {}", "priority_rules[1].when", "at least one of"),
        (", priority: high}", ", priority: asap}", "priority_rules[1].priority", "urgent, high, normal, low"),
        ("split_of_work: pull", "max_open: 0", "max_open", "from 1 to 1000"),
        ("split_of_work: pull", "max_open: many", "max_open", "from 1 to 1000"),
        ("idle_claim: 3d", "retention: 12w", "retention", "30d to 3650d"),
        ("idle_claim: 3d", "retention: 29d", "retention", "30d to 3650d"),
        ("idle_claim: 3d", "idle_claim: 4h", "idle_claim", "1d to 60d"),
        ("idle_claim: 3d", "idle_claim: 0d", "idle_claim", "1d to 60d"),
        ("idle_claim: 3d", "idle_claim: 61d", "idle_claim", "1d to 60d"),
        ("split_of_work: pull", "split_of_work: push", "split_of_work", "pull, on_duty, round_robin, lead_assigns"),
        ("blocker_question: 3", "blocker_question: 4", "standups[0].blocker_question", "from 1 to 3"),
        ("blocker_question: 3", "blocker_question: 0", "standups[0].blocker_question", "from 1 to 3"),
        ("remind_before: 30m", "remind_before: 2h", "standups[0].remind_before", "not shorter than open_for"),
        ("open_for: 2h", "open_for: 2d", "standups[0].open_for", "at most 1d"),
        ("timezone: member", "timezone: theirs", "standups[0].timezone", "member, team"),
        ("name: Evening", "name: MORNING", "standups[1].name", "also teams[0].standups[0]"),
        ('questions: ["How did today go?"]', "questions: []", "standups[1].questions", "is empty"),
        ("every: week", "every: 13 weeks", "rotation.handoff.every", "day, week, 2 weeks up to 12 weeks, month"),
        ("every: week, on: monday", "every: week", "rotation.handoff.on", "the weekday"),
        ("every: week, on: monday", "every: day, on: monday", "rotation.handoff.on", "take it out"),
        ("starts: 2026-11-02", "starts: 2026-02-30", "rotation.starts", "does not exist"),
        ("starts: 2026-11-02", "starts: 02.11.2026", "rotation.starts", "such as 2026-11-02"),
        ("      user_group: S0ONDUTY01", "      user_group: x", "rotation.user_group", "begins with S"),
        ("U0CAROL001]               #", "U0DAVE0001]               #", "rotation.members[2]", "not a member"),
        ("project: PAY", "project: pay or 1=1", "jira.project", "such as PAY"),
        ("labels: [from-slack]", "labels: [from slack]", "jira.labels[0]", "no spaces"),
        ("components: [Billing, Checkout]", "components: Billing", "components", "must be a list"),
        ("components: [Billing, Checkout]", "components: [Billing, Billing, Checkout]", "components[1]", "twice"),
        ("name: Payments", "name: [Payments]", "name", "one value"),
        ("name: Payments", "name: ''", "name", "1 to 75"),
        ("name: Payments", "name: ~", "name", "is missing"),
        ("key: payments ", "key: Pay Ments ", "key", "a-z, 0-9 and -"),
        ("key: payments ", "key: next ", "key", "choose another"),
        ("key: payments ", "key: 12 ", "key", "choose another"),
        ("intake_channels: [C0ASKPAY01]", "intake_channels: [C0TRIAGE01]", "intake_channels[0]", "is the triage channel"),
        ("management: {users: [U0BOSS0001]}", "management: {}", "sources.management", "names nobody"),
        ("management: {users: [U0BOSS0001]}", "managment: {}", "sources.managment", "did you mean management?"),
        ("name: Payments", '"na me": Payments', '"na me"', "did you mean name?"),
        ("jira: {project: PAY,", "jira: [PAY] #", "jira", "must be keys with values"),
        ("jira: {project: PAY,", "jira: {fields: {Summary: x}, project: PAY,", "jira.fields.Summary", "take it out"),
        ("jira: {project: PAY,", "jira: {fields: {Severity: }, project: PAY,", "jira.fields.Severity", "is empty"),
        ("jira: {project: PAY,", "jira: {fields: [Major], project: PAY,", "jira.fields", "must be keys with values"),
        ("jira: {project: PAY,", "jira: {unfurl: maybe, project: PAY,", "jira.unfurl", "neither true nor false"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place(old: str, new: str, place: str, words: str) -> None:
    text = changed(old, new)
    line = text[: text.index(new)].count("\n") + 1
    found = [problem for problem in problems(text) if f"teams[0].{place}: " in problem]
    assert len(found) == 1, problems(text)
    assert found[0].startswith(f"teams.yml:{line}: teams[0].{place}: ")
    assert words in found[0]


@pytest.mark.parametrize("key", ["key", "name", "lead", "user_group", "timezone", "triage_channel"])
def test_a_needed_key_that_is_missing_is_told(key: str) -> None:
    text = "".join(line for line in MINIMAL.splitlines(keepends=True) if f" {key}: " not in line)
    text = text.replace("    name", "  - name", 1) if key == "key" else text
    missing = "members" if key == "user_group" else key
    assert problems(text)[0].startswith(f"teams.yml:2: teams[0].{missing}: is missing: ")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed("U0LEAD0001", "x").replace("urgent: 15m", "urgent: 15x").replace("PAY,", "pay,")
    found = problems(text)
    assert [problem.split(": ")[1] for problem in found] == [
        "teams[0].lead",
        "teams[0].claim_within.urgent",
        "teams[0].jira.project",
    ]


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    assert problems(MINIMAL + "    name: Again\n") == [
        "teams.yml:8: teams[0].name: stands twice, first on line 3: keep one"
    ]


def test_members_and_a_user_group_exclude_each_other() -> None:
    assert "keep one of the two" in problems(MINIMAL + "    members: [U0X]\n")[0]


def test_rotation_members_cannot_be_checked_against_a_user_group() -> None:
    rotation = "{members: [U0ANY0001], handoff: {every: day, at: '10:00'}, starts: 2026-11-02}"
    assert read_text(f"{MINIMAL}    rotation: {rotation}\n", "teams.yml").teams[0].rotation is not None


def test_the_team_s_own_group_cannot_follow_the_rotation() -> None:
    rotation = "{members: [U0ANY0001], handoff: {every: day, at: '10:00'}, starts: 2026-11-02, user_group: S0ORDERS01}"
    assert "left with one person" in problems(f"{MINIMAL}    rotation: {rotation}\n")[0]


def test_on_duty_needs_a_rotation() -> None:
    assert "needs a rotation" in problems(MINIMAL + "    split_of_work: on_duty\n")[0]


def test_check_ins_take_at_most_200_members() -> None:
    members = ", ".join(f"U0MEMBER{number}" for number in range(201))
    standup = "    standups: [{name: M, at: '09:30', channel: C0S, questions: [Hm?]}]\n"
    text = MINIMAL.replace("user_group: S0ORDERS01", f"members: [{members}]") + standup
    assert "at most 200" in problems(text)[0]
    read_text(text.replace(", U0MEMBER200", ""), "teams.yml")


@pytest.mark.parametrize(
    ("old", "new", "place", "first"),
    [
        ("key: orders", "key: payments", "key", "teams[0].key"),
        ("name: Orders", "name: payments", "name", "teams[0].key"),
        ("C0TRIAGE02", "C0TRIAGE01", "triage_channel", "teams[0].triage_channel"),
        ("C0TRIAGE02", "C0ASKPAY01", "triage_channel", "teams[0].intake_channels[0]"),
    ],
)
def test_what_only_one_team_may_have_is_told(old: str, new: str, place: str, first: str) -> None:
    found = problems(example() + ORDERS.replace(old, new))
    assert len(found) == 1
    assert f"teams[1].{place}: " in found[0]
    assert f"is also {first}" in found[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("- a\n- b\n", "must begin with teams:"),
        ("hello", "must begin with teams:"),
        ("team: []\n", "did you mean teams?"),
        ("teams:\n", "teams: is missing"),
        ("teams: 5\n", "must be a list"),
        ("teams: [5]\n", "teams[0]: must be keys with values"),
        ("teams:\n  - key: [a\n", "this is not YAML"),
        ("teams: []\n---\nteams: []\n", "teams.yml:2: a second document"),
        ("teams: !!python/object:os.system []\n", "tags"),
        ("teams: *nothing\n", "stands for nothing"),
        ("teams: &a [*a]\n", "stands for nothing"),
        ("teams: " + "[" * 500 + "]" * 500, "levels"),
        ("? [a]\n: b\n", "a key must be one word"),
        ('teams: "a\\0b"\n', "control character"),
        ('teams: "a\\ud800b"\n', "this is not YAML"),
        ("teams:\n\tkey: x\n", "this is not YAML"),
    ],
)
def test_a_file_that_is_no_teams_file_is_told(text: str, words: str) -> None:
    found = problems(text)
    assert len(found) == 1
    assert words in found[0]


def test_aliases_that_grow_without_bound_are_refused() -> None:
    layers = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert "values are not read" in problems("a0: &a0 [x, x]\n" + layers)[0]


def test_an_alias_may_save_typing() -> None:
    hours = "    working_hours: &hours {days: mon-sun, from: '00:00', to: '24:00'}\n"
    second = ORDERS.replace("orders", "other").replace("Orders", "Other").replace("TRIAGE02", "TRIAGE03")
    teams = read_text(MINIMAL + hours + second + "    working_hours: *hours\n", "teams.yml").teams
    assert teams[0].working_hours.days == teams[1].working_hours.days == frozenset(range(7))


def test_a_file_is_read_from_disk() -> None:
    assert read_file(EXAMPLE) == read_text(example(), "x")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"teams\.yml: cannot be read: No such file"):
        read_file(tmp_path / "teams.yml")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "teams.yml"
    path.write_bytes(b"# " + b"x" * 1_000_000)
    with pytest.raises(ConfigError, match="at most 1 MB"):
        read_file(path)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "teams.yml"
    path.write_bytes("teams:\n  - name: Zahlungsverkehr für alle\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"teams\.yml:2: is not UTF-8"):
        read_file(path)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "teams.yml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.encode())
    assert read_file(path).teams[0].key == "orders"


def test_a_long_or_broken_value_is_told_on_one_short_line() -> None:
    found = problems(changed("lead: U0LEAD0001", 'lead: "' + "x\\n" * 3000 + '"'))
    assert len(found) == 1
    assert "\n" not in found[0]
    assert len(found[0]) < 300
