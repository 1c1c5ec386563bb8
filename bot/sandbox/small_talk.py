"""The words of the seeds: what people said in the days before. Nothing of it is meant for the bot."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message, so many working days ago at a time of the team's day, with its thread and one kind of reaction.

    `place` is `#channel`, or two names joined by `+` for their direct messages.
    """

    place: str
    days_ago: int
    at: str
    who: str
    text: str
    replies: tuple[tuple[str, str], ...] = ()
    emoji: str = ""
    by: tuple[str, ...] = ()


def _said(place: str, days_ago: int, at: str, who: str, text: str, *replies: tuple[str, str]) -> Said:
    return Said(place=place, days_ago=days_ago, at=at, who=who, text=text, replies=replies)


STORY: tuple[Said, ...] = (
    # Each place in the order of its days.
    Said(
        place="#general",
        days_ago=3,
        at="09:04",
        who="olga",
        text="Morning all. The kitchen on the third floor is closed today, the machine on the second has milk again.",
        emoji="pray",
        by=("ana", "carol"),
    ),
    _said(
        "#general",
        3,
        "11:30",
        "lead",
        "Release 4.12 goes out next week. Whoever still has something open: tell @alice by tomorrow noon.",
        ("bob", "Mine is merged, only the changelog is missing."),
        ("alice", "Thanks, I have put it on the list."),
    ),
    Said(
        place="#general",
        days_ago=2,
        at="10:15",
        who="boss",
        text="Thank you for the quiet month, everybody. Not one call from a customer.",
        emoji="tada",
        by=("lead", "alice", "bob", "erin", "olga"),
    ),
    _said("#general", 2, "16:42", "erin", "Does anybody know why the status page shows the old logo?"),
    _said("#general", 2, "16:49", "frank", "That is cached. It will be gone in an hour."),
    _said("#general", 1, "09:12", "carol", "I work from the train until eleven, the line may drop."),
    _said("#general", 1, "14:05", "olga", "Please lock your screens when you go for lunch. The cake is for those who did."),
    _said("#random", 3, "12:47", "frank", "Today's soup is better than yesterday's. That is all I have to say about it."),
    Said(
        place="#random",
        days_ago=2,
        at="13:20",
        who="ana",
        text="Found a bicycle key at the entrance, with a small green fish on it. It lies at the front desk.",
        emoji="heart",
        by=("bob", "olga"),
    ),
    _said(
        "#random",
        1,
        "12:10",
        "bob",
        "Who comes along to the climbing hall at the weekend?",
        ("carol", "Me, if somebody holds the rope who has done it before."),
        ("alice", "Me too."),
    ),
    _said(
        "#ask-payments",
        3,
        "10:21",
        "ana",
        "A customer from Lyon asks whether she can pay by bank transfer. Is that still planned for spring?",
        ("lead", "Yes, for April. You may tell her so."),
        ("ana", "Great, thank you."),
    ),
    _said("#ask-payments", 2, "08:58", "deploybot", "billing 4.11.3 is deployed to production."),
    _said(
        "#ask-payments",
        2,
        "15:33",
        "gina",
        "The invoice of October has two lines for the same seat. Is that right?",
        ("bob", "No, that is a rounding mistake of ours. The corrected one is in your mail."),
    ),
    _said("#ask-payments", 1, "17:02", "lead", "From tomorrow on @frontdesk keeps our list. Just write here as before."),
    _said(
        "#triage-payments",
        1,
        "17:05",
        "lead",
        "This is where the cards will come. Whoever takes one presses Claim, so that nothing is done twice.",
        ("bob", "And when I am asleep?"),
        ("lead", "Then Carol is awake. That is the nice thing about your time zones."),
    ),
    _said("#triage-mobile", 1, "17:20", "frank", "Our cards come here. We begin small: what somebody asks, we answer."),
    _said(
        "#ask-mobile",
        2,
        "11:11",
        "erin",
        "On an old tablet the sign-in page stays white. I could see it at a customer's yesterday.",
        ("frank", "Which version of the app? Below 7 we have stopped."),
        ("erin", "6.4. Then I know what to tell them."),
    ),
    _said("#partner-acme", 3, "10:00", "xena", "Hello from Acme. We switch our test environment to the new addresses today."),
    _said("#partner-acme", 3, "10:26", "alice", "Thank you for telling us. I see your calls arriving, all of them answered."),
    _said("#partner-acme", 1, "09:40", "xena", "Is there a time next week to go through the settlement file together?"),
    _said("#partner-acme", 1, "09:55", "lead", "Wednesday at ten your evening suits us, if that is not too late for you."),
    _said("alice+bob", 2, "17:30", "alice", "Can you look at the retry after a declined card? I am not sure about the second case."),
    _said("alice+bob", 2, "17:48", "bob", "Had a look: the second one is right, but the comment above it is not."),
    _said("alice+bob", 1, "09:30", "alice", "Ha, mended. Thank you!"),
    _said("ana+lead", 1, "16:15", "ana", "If a shop asks for a refund on a holiday, whom do I call?"),
    _said("ana+lead", 1, "16:31", "lead", "Nobody by phone any more: ask the team, and whoever is on duty sees it."),
)  # fmt: skip

# Parts of the older talk of a busy channel.
BEGINNINGS = (
    "Just looked at", "Does anybody remember who wrote", "I have tidied up", "Somebody should have a look at",
    "The numbers are in for", "Good news about", "Tomorrow I go on with", "We have agreed on",
    "A customer has praised", "I am not happy with", "Finished with", "Before I forget it:",
)  # fmt: skip
ABOUT = (
    "the export of invoices", "the page for lost passwords", "the nightly report", "the search in the shop",
    "our part of the handbook", "the new tax rates", "the test machines", "the plan for the second quarter",
    "the letters to old customers", "the room on the fourth floor", "the mobile sign-in", "the monthly backup",
)  # fmt: skip
ENDS = (
    ".",
    ", at last.",
    ". More after lunch.",
    "?",
    ", step by step.",
    ". Comments are welcome!",
    ", as promised.",
)
