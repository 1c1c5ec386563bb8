"""Counted days for tests."""

from datetime import date

from bot.indicators.domain import Counted

TODAY = date(2026, 11, 23)


def counted(what: str, count: int = 1, *, day: date = TODAY) -> Counted:
    """`component/kind/result`, so many times."""
    component, kind, result = what.split("/")
    return Counted(day=day, component=component, what=kind, result=result, count=count)
