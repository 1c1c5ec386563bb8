"""Names of files that are fit for any place, and sizes in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.files import LONGEST_NAME, fit_name, size_words, unique_name


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("log.txt", "log.txt"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\temp\\a.txt", "C__temp_a.txt"),
        ("a\x00b\n c.txt", "ab c.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        (' <"x">|?*%$.txt ', "__x_______.txt"),
        ("Ünïcode 🎉.png", "Ünïcode 🎉.png"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_becomes_fit(name: str, fit: str) -> None:
    assert fit_name(name) == fit


def test_a_long_name_keeps_its_ending() -> None:
    found = fit_name("x" * 500 + ".tar.gz")
    assert len(found) == LONGEST_NAME
    assert found.endswith("x.gz")


@given(st.text(max_size=400))
def test_every_name_is_short_and_without_a_path(name: str) -> None:
    found = fit_name(name)
    assert 1 <= len(found) <= LONGEST_NAME
    assert not set(found) & set("/\\\n\x00")


@pytest.mark.parametrize(
    ("name", "taken", "unique"),
    [
        ("log.txt", [], "log.txt"),
        ("log.txt", ["LOG.TXT"], "log (2).txt"),
        ("log.txt", ["log.txt", "log (2).txt"], "log (3).txt"),
        ("Makefile", ["Makefile"], "Makefile (2)"),
        (".env", [".env"], ".env (2)"),
    ],
)
def test_a_second_file_of_a_name_gets_a_number(name: str, taken: list[str], unique: str) -> None:
    assert unique_name(name, taken) == unique


def test_a_number_makes_no_name_too_long() -> None:
    name = fit_name("x" * 500 + ".txt")
    assert len(unique_name(name, [name])) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 byte"),
        (340, "340 bytes"),
        (92_400, "92 KB"),
        (999_600, "1.0 MB"),
        (1_440_000, "1.4 MB"),
        (45_000_000, "45 MB"),
    ],
)
def test_a_size_is_told_as_people_read_it(size: int, words: str) -> None:
    assert size_words(size) == words
