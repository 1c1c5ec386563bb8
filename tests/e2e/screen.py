"""What a story expects on a screen: an answer, a form, a field's error. Short forms of long assertions."""

from bot.sandbox.story import Answer, Form


def said(shown: Answer | Form | None) -> str:
    """The words that the bot answered with, to this person alone."""
    assert isinstance(shown, Answer), f"expected an answer, got {shown!r}"
    assert not shown.failed, shown.failed
    assert shown.visible_to == "you"
    return shown.text


def form_of(shown: Answer | Form | None) -> Form:
    """The form that opened."""
    assert isinstance(shown, Form), f"expected a form, got {shown!r}"
    assert not shown.failed, shown.failed
    return shown


async def error_of(form: Form, label: str) -> str:
    """What stands beside this field after sending the form."""
    result = await form.submit()
    assert result is not None, "the form was accepted"
    assert list(result.errors) == [label], f"{result!r} {result.failed}"
    return result.errors[label]


async def sends(form: Form) -> None:
    """Sends the form, which must be accepted and close."""
    result = await form.submit()
    assert result is None, f"{result!r} {result.text}"
