"""Answers and notices about tickets, in Slack's form. The form itself is in `form`."""

from collections.abc import Mapping

from bot.core.threads import RequestFacts
from bot.features.tickets.domain import Ticket, TicketState, with_names
from bot.slack.blocks import Message, actions, button, section
from bot.slack.mrkdwn import escape

OFF = (
    "Jira is off here. To turn it on, set JIRA_URL and a Jira login in Frontdesk's settings "
    "(JIRA_EMAIL with JIRA_API_TOKEN, or JIRA_TOKEN) and restart it."
)
NOT_IN_CHANNEL = (
    "I cannot read this thread yet, because I am not in the channel. Invite me first: type "
    "`/invite @Frontdesk` in the channel, then use *Create Jira issue* again."
)
NO_MESSAGE = "Use *Create Jira issue* from the menu of a message: the message's thread becomes the issue."
OLD_BUTTON = "This button is from another time. Use *Create Jira issue* from the menu of the message instead."
NO_PROJECT = (
    "I know of no Jira project yet. Try again in a minute; if it stays, ask your team's lead "
    "to name one: `/triage settings`, *Jira*."
)
OLD_FORM = "This form is from another time and was not sent. Close it and use *Create Jira issue* again."
NO_THREAD = "The request's card is still being posted. Please try again in a moment."
WHO_ARE_YOU = "Slack does not tell me just now who you are here. Please try again in a minute."
HELD = "Jira does not answer just now. Your issue is kept and will be created when Jira is back."
HELD_LINK = "Jira does not answer just now. Your link is kept and will be made when Jira is back."
LOGIN_HELD = (
    "Jira does not accept Frontdesk's login just now. Your issue is kept and comes when the login is mended: "
    "please tell whoever runs Frontdesk."
)
NO_SUCH_THREAD = "I cannot find that thread, or you cannot see it."
UNSEEN = "Slack does not tell me just now whether you can see this thread. Please try again in a minute."
JIRAS_OWN = "This project requires a field that I cannot ask for. Create the issue in Jira's own form, then write its key here."
TRY_AGAIN = "Try again"


def off() -> Message:
    """Jira is not configured, and how to change that."""
    return Message(text=OFF)


def exists(ticket: Ticket) -> Message:
    """The thread has its issue already, or is about to have it."""
    if ticket.state is TicketState.WISHED:
        text = "The Jira issue of this thread is being created. Its key will appear in the thread."
        if ticket.is_linked:
            text = f"This thread is being linked to {ticket.key}. The thread will be told."
        return Message(text=text, blocks=(section(text),))
    return Message(
        text=f"This thread has {ticket.key} already: {ticket.url}",
        blocks=(section(f"This thread has *{_linked(ticket)}* already: {ticket.url}"),),
    )


def announcement(ticket: Ticket, facts: RequestFacts | None) -> Message:
    """The key and the link, for the thread."""
    of = f" of #{facts.number}" if facts else ""
    text = f"Jira issue{of}: {ticket.key} {ticket.url}"
    return Message(text=text, blocks=(section(f":link: Jira issue{of}: *{_linked(ticket)}*"),))


def direct_announcement(ticket: Ticket) -> Message:
    """The same for the person who asked, where the bot cannot write in the thread."""
    text = f"The conversation that you chose is {ticket.key} in Jira now: {ticket.url}"
    return Message(
        text=text, blocks=(section(f"The conversation that you chose is *{_linked(ticket)}* in Jira now."),)
    )


def held(ticket: Ticket, *, login: bool = False) -> Message:
    """Jira is away, or (`login`) does not accept the bot; the wish is kept."""
    words = LOGIN_HELD if login else HELD_LINK if ticket.is_linked else HELD
    return Message(text=words, blocks=(section(words),))


def refused(
    ticket: Ticket, facts: RequestFacts | None, link: str, again: str, names: Mapping[str, str]
) -> Message:
    """Jira did not take it: why, and what to do. `again` is the action of the button that opens the form anew.

    `names` is what Jira's fields are called.
    """
    of = f"#{facts.number} ({ticket.summary})" if facts else f"“{ticket.summary}”"
    why = with_names(ticket.failure or "Jira gave no reason.", ticket.complaints, names)
    then = f"Press *{TRY_AGAIN}*: what you entered is still there. Or use *Create Jira issue* again."
    where = f"\n<{link}|Go to the thread>" if link else ""
    text = f"There is no Jira issue of {of} yet. {why}\n{then.replace('*', '')}"
    mrkdwn = f"There is no Jira issue of {escape(of)} yet.\n>{_quoted(why)}\n{then}{where}"
    press = button(TRY_AGAIN, again, f"v1:{ticket.id}")
    return Message(text=escape(text), blocks=(section(mrkdwn), actions(press)))


def _quoted(words: str) -> str:
    return escape(words).replace("\n", "\n>")


def _linked(ticket: Ticket) -> str:
    return f"<{ticket.url}|{ticket.key}>"
