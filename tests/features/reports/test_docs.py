"""The list of docs worth writing: what belongs together, the most of it first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.figures import Avoidable
from bot.features.reports.domain import MOST_DOCS, docs


def asked(*lines: str, component: str = "Billing") -> list[Avoidable]:
    """The newest first."""
    return [
        Avoidable(number=len(lines) - place, component=component, words=line)
        for place, line in enumerate(lines)
    ]


def test_requests_that_share_a_word_are_one_topic_with_their_numbers() -> None:
    found = docs(asked("Refunding a partner?", "Where is the invoice", "How do I refund an order", "refunds"))
    assert [(doc.topic, doc.numbers) for doc in found] == [("refunding", (4, 2, 1)), ("", (3,))]
    assert found[0].example == "Refunding a partner?"


def test_what_stands_in_any_question_is_no_topic() -> None:
    found = docs(asked("How do I please get the invoice", "How do I please get the ledger"))
    assert [doc.topic for doc in found] == ["", ""]


def test_components_are_not_mixed() -> None:
    found = docs([*asked("Refund by card", "Refund by bank"), *asked("Refund form", component="Checkout")])
    assert [(doc.component, len(doc.numbers)) for doc in found] == [("Billing", 2), ("Checkout", 1)]


def test_letters_of_any_script_make_words() -> None:
    found = docs(asked("Повернення коштів", "Як зробити повернення"))
    assert [(doc.topic, doc.numbers) for doc in found] == [("повернення", (2, 1))]


def test_no_more_are_named_than_somebody_writes_in_a_month() -> None:
    lines = [f"{letter * 5} needed" for letter in "abcdefghijk"]
    assert len(docs(asked(*lines))) == MOST_DOCS
    assert docs([]) == []


@given(st.lists(st.tuples(st.text(max_size=60), st.sampled_from(["", "Billing"])), max_size=30))
@settings(deadline=None, max_examples=60)
def test_each_request_is_in_one_topic_at_most(lines: list[tuple[str, str]]) -> None:
    found = docs([
        Avoidable(number=n, component=component, words=words) for n, (words, component) in enumerate(lines)
    ])  # fmt: skip
    numbers = [number for doc in found for number in doc.numbers]
    assert len(numbers) == len(set(numbers))
    assert len(found) == min(MOST_DOCS, len(found)) and bool(found) == bool(lines)
