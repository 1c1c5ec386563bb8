"""One line of the doctor."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at and how it is; where it fails, `words` say how to mend it."""

    name: str
    ok: bool
    words: str

    @property
    def line(self) -> str:
        """`ok …` or `fail …: mend`, in one line."""
        return " ".join(f"{'ok' if self.ok else 'fail'} {self.name}: {self.words}".split())


def well(name: str, words: str) -> Finding:
    """Nothing to do."""
    return Finding(name=name, ok=True, words=words)


def ill(name: str, words: str) -> Finding:
    """Something to mend."""
    return Finding(name=name, ok=False, words=words)
