"""What a request turned out to be, said by the team once it is closed: one set for all teams, so that figures compare."""

from enum import StrEnum


class Category(StrEnum):
    """`label` is the word on the screen."""

    BUG = "bug"
    MISSING_DOC = "missing_doc"
    SELF_SERVICE = "self_service"
    QUESTION = "question"
    TASK = "task"
    WRONG_TEAM = "wrong_team"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Category.BUG: "Bug",
    Category.MISSING_DOC: "Missing doc",
    Category.SELF_SERVICE: "Self-service gap",
    Category.QUESTION: "Question answered",
    Category.TASK: "Task done",
    Category.WRONG_TEAM: "Wrong team",
    Category.OTHER: "Other",
}
# A page or a button would have done: these make the list of docs worth writing.
AVOIDABLE = frozenset({Category.MISSING_DOC, Category.SELF_SERVICE})
