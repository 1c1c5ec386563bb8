"""The declared words: what was probably meant by an unknown one, and that every other place goes by them."""

import re

import pytest

from bot.teams.roster import Teams
from bot.teams.vocabulary import Vocabulary, closest, closest_team
from bot.teams.words import ALL, ASK_TEAM, ROTATION, STANDUP, TRIAGE, unknown
from tests.support.sources import ROOT
from tests.teams.make import two_teams

TEAMS = Teams(all=two_teams().teams, groups={})
PAYMENTS = TEAMS.active[0]


def _hint(own: Vocabulary, typed: str) -> str:
    found = re.search(r"Did you mean `([^`]*)`\?", unknown(own, typed, TEAMS).text)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("own", "typed", "meant"),
    [
        # Mistyped, above all by letters that changed places.
        (TRIAGE, "nxet", "/triage next"),
        (TRIAGE, "MIEN", "/triage mine"),
        (ROTATION, "sawp @bob", "/rotation swap"),
        (ROTATION, "ovveride <@U0BOB00001> tomorrow", "/rotation override"),
        (STANDUP, "statsu", "/standup status"),
        # A known word with more behind it than belongs there, and what people write for one.
        (TRIAGE, "mine please", "/triage mine"),
        (TRIAGE, "list", "/triage"),
        (TRIAGE, "claim", "/triage next"),
        (ROTATION, "who", "/rotation"),
        (STANDUP, "vacation", "/standup away"),
        # Another command's word.
        (TRIAGE, "skip", "/standup skip"),
        (TRIAGE, "override <@U0BOB00001>", "/rotation override"),
        (ROTATION, "mine", "/triage mine"),
        # A team's name, alone and before a word.
        (TRIAGE, "paymnets", "/triage payments"),
        (TRIAGE, "payment mine", "/triage payments mine"),
        (ROTATION, "paymnets lsit", "/rotation payments list"),
        (STANDUP, "ordres xyzzy", "/standup orders"),
        # The team behind the word, as people think of it.
        (TRIAGE, "settngs payments", "/triage payments settings"),
        (TRIAGE, "settings paymnets", "/triage payments settings"),
        (STANDUP, "vacation orders", "/standup orders away"),
        # Nothing that is near.
        (TRIAGE, "xyzzy", ""),
        (TRIAGE, "#", ""),
        (TRIAGE, "`mine`", "/triage mine"),
        (STANDUP, "<!channel>", ""),
        (ROTATION, "w" * 5000, ""),
    ],
)
def test_an_unknown_word_gets_the_line_that_was_probably_meant(
    own: Vocabulary, typed: str, meant: str
) -> None:
    assert _hint(own, typed) == meant


def test_the_team_that_was_named_stays_in_the_suggestion() -> None:
    assert "`/triage payments mine`" in unknown(TRIAGE, "mien", TEAMS, PAYMENTS).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("settings nowhere", "I do not understand what comes after that word."),
        ("Mine please", "I do not understand what comes after that word."),
        ("settngs nowhere", "I do not know that word."),
        ("claim it", "I do not know that word."),
        ("", "I do not know that word."),
    ],
)
def test_a_known_word_is_not_called_unknown_for_what_follows_it(typed: str, said: str) -> None:
    assert unknown(TRIAGE, typed, TEAMS).text.startswith(said)


@pytest.mark.parametrize("own", ALL, ids=lambda own: own.command)
def test_nothing_of_what_was_typed_is_repeated(own: Vocabulary) -> None:
    assert "<!here>" not in unknown(own, "nxet <!here> `x`", TEAMS).text


def test_letters_that_changed_places_count_before_likeness() -> None:
    assert closest("sipk", ["ship", "sipping", "sikp"]) == "sikp"
    assert closest("", ["all"]) is None


def test_a_team_is_known_by_its_key_or_name_whatever_the_case() -> None:
    assert closest_team("PAYMNETS", TEAMS.active) == PAYMENTS
    assert closest_team("zzz", TEAMS.active) is None


@pytest.mark.parametrize("own", ALL, ids=lambda own: own.command)
def test_every_command_declares_help_once_and_each_word_once(own: Vocabulary) -> None:
    assert own.names.count("help") == 1
    assert len(set(own.names)) == len(own.names)
    clash = {also for word in own.words for also in word.also} & set(own.names)
    assert clash == set(), "what stands for another word may be no word itself"


def test_only_one_command_takes_text_and_its_words_are_never_guessed() -> None:
    assert [own for own in ALL if own.takes_text] == [ASK_TEAM]


def test_the_documents_name_every_word() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `/")]
    pages = "\n".join(page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md"))
    for own in ALL:
        told = " ".join(row for row in rows if row.startswith(f"| `{own.command}"))
        words = [word for word in own.names if word != "help" and not re.search(rf"\b{word}\b", told)]
        assert [word for word in words if f"`{own.command} {word}`" not in pages] == []
