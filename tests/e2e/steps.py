"""What stories do with a card: moves by its menu, and what is read on both sides. No test is here."""

from bot.sandbox.story import Form, Seen
from tests.e2e.office import Office
from tests.e2e.screen import form_of, sends


async def chooses(card: Seen, entry: str, office: Office, *, by: str = "alice") -> Form:
    """The form behind an entry of the menu."""
    return form_of(await card.choose(entry, by=office.person(by)))


async def receipt_of(office: Office, label: str, *, by: str = "ana") -> Seen:
    return await office.person(by).waits_for(f"{label} is with", in_="dm")


async def reads(office: Office, words: str, *, label: str = "#1", by: str = "ana") -> Seen:
    """The requester reads this below their receipt."""
    return await office.person(by).waits_for(words, thread=await receipt_of(office, label, by=by))


async def shows(office: Office, *words: str, label: str = "#1") -> Seen:
    """The card, once it shows all of this."""
    card = await office.card(words[0])
    assert label in card.text
    for more in words:
        assert more in card.text, more
    return card


async def snoozed(office: Office, card: Seen, preset: str = "In 3 hours") -> Seen:
    form = await chooses(card, "Snooze", office)
    form.pick("Until", preset)
    await sends(form)
    return await shows(office, "Snoozed until")


async def declined(office: Office, card: Seen, reason: str = "Not ours") -> Seen:
    form = await chooses(card, "Decline", office)
    form.fill("Why?", reason)
    await sends(form)
    return await shows(office, "Declined")


async def marked_as_duplicate(office: Office, card: Seen, of: str) -> None:
    form = await chooses(card, "Mark as duplicate", office)
    form.fill("Duplicate of which request?", of)
    await sends(form)


async def in_state(office: Office, state: str) -> Seen:
    """The card of request #1 in this state; the original of a duplicate is #2."""
    card = await office.asks("Refund stuck")
    alice = office.person("alice")
    match state:
        case "New":
            return card
        case "In progress":
            await card.click("Claim", by=alice)
        case "Waiting on requester":
            await card.choose("Wait for requester", by=alice)
        case "Snoozed":
            return await snoozed(office, card)
        case "Resolved":
            await card.click("Resolve", by=alice)
        case "Declined":
            return await declined(office, card)
        case _:
            await office.asks("The same as before", by="bob")
            await marked_as_duplicate(office, card, "#2")
    return await shows(office, state)
