"""The scanner moves only by what it matched and says where it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.errors import ParseError
from citekit.scan import Scanner
from tests.strategies import ugly_text

FIGURES = re.compile("[0-9]+")
LETTERS = re.compile("[a-z]+")
ONE = re.compile(r"(?s:.)")


def test_a_match_moves_behind_itself_and_a_failure_stays() -> None:
    scanner = Scanner("12ob")
    assert scanner.match(LETTERS) is None
    assert (scanner.take(LETTERS), scanner.position) == ("", 0)
    assert (scanner.take(FIGURES), scanner.position, scanner.rest()) == ("12", 2, "ob")
    assert not scanner.at_end()
    found = scanner.match(LETTERS)
    assert found is not None
    assert (found.span(), scanner.rest(), scanner.at_end()) == ((2, 4), "", True)
    assert scanner.take(LETTERS) == ""


def test_a_pattern_is_anchored_at_the_position() -> None:
    scanner = Scanner("a1")
    assert scanner.take(FIGURES) == ""
    scanner.position = 1
    assert scanner.take(re.compile("^1")) == ""  # the beginning is that of the whole text
    assert scanner.take(FIGURES) == "1"


@pytest.mark.parametrize("space", ["", " ", "\t\n", "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "\u2028"], ids=ascii)
def test_white_space_of_every_kind_is_skipped(space: str) -> None:
    scanner = Scanner(f"{space}x{space}")
    scanner.skip_space()
    assert (scanner.position, scanner.take(LETTERS)) == (len(space), "x")
    scanner.skip_space()
    assert scanner.at_end()


def test_an_error_points_at_the_next_sign_unless_told_otherwise() -> None:
    scanner = Scanner("12 ob")
    scanner.take(FIGURES)
    for options, span in [({}, (2, 3)), ({"start": 0}, (0, 1)), ({"end": 5}, (2, 5)), ({"start": 0, "end": 0}, (0, 0))]:
        error = scanner.error("wrong", hint="right", **options)
        assert isinstance(error, ParseError)
        assert (error.span, error.text, error.message, error.hint) == (span, "12 ob", "wrong", "right")


@given(ugly_text, st.lists(st.sampled_from([FIGURES, LETTERS, ONE])))
def test_what_was_taken_and_the_rest_are_the_text(text: str, patterns: list[re.Pattern[str]]) -> None:
    scanner = Scanner(text)
    taken = "".join(scanner.take(pattern) for pattern in patterns)
    assert taken + scanner.rest() == text
    assert scanner.at_end() == (scanner.rest() == "")
