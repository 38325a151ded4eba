"""Leaves and pages: as they are written in notes, as they are printed, and in which order they lie."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import locators
from citekit.errors import ParseError
from citekit.locators import Leaf, LeafRange, Locator, format_leaf, format_ranges, parse, roman
from tests.strategies import LETTERS, Marks, labels, leaf_ranges, leaves, marks, ugly_text

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "locators.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["title"])
def test_a_locator_from_life_is_read(case: dict[str, Any]) -> None:
    value = case["value"]
    ranges = tuple(LeafRange(*(Leaf(*leaf) for leaf in span)) for span in value["ranges"])
    assert parse(case["text"]) == Locator(value["label"], ranges)


@pytest.mark.parametrize("case", TABLE["wrong"], ids=lambda case: case["title"])
def test_what_is_no_locator_is_pointed_at(case: dict[str, Any]) -> None:
    with pytest.raises(ParseError) as caught:
        parse(case["text"])
    start, end = caught.value.span
    assert (caught.value.message, case["text"][start:end]) == (case["message"], case["at"])


@given(leaf_ranges, marks)
def test_what_is_printed_is_read_back_however_it_is_marked(ranges: tuple[LeafRange, ...], chosen: Marks) -> None:
    assert parse(format_ranges(ranges, **chosen._asdict())) == Locator("", ranges)


@given(leaf_ranges)
def test_the_usual_marks_are_read_back_too(ranges: tuple[LeafRange, ...]) -> None:
    assert parse(format_ranges(ranges)) == Locator("", ranges)


@given(leaf_ranges, marks, labels, st.sampled_from([" ", ". ", "."]), st.booleans())
def test_every_label_gives_its_type(
    ranges: tuple[LeafRange, ...], chosen: Marks, label: str, stop: str, capital: bool
) -> None:
    text = (label.capitalize() if capital else label) + stop + format_ranges(ranges, **chosen._asdict())
    assert parse(text) == Locator(locators.LABELS[label], ranges)


@given(ugly_text)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        locator = parse(text)
    except ParseError as error:
        assert error.caret()
        assert 0 <= error.span[0] <= error.span[1]
        assert error.text == text
    else:
        printed = format_ranges(locator.ranges)
        assert format_ranges(parse(printed).ranges) == printed


@given(leaves, leaves, leaves)
def test_the_order_of_leaves_is_total(a: Leaf, b: Leaf, c: Leaf) -> None:
    assert a.order() <= b.order() or b.order() <= a.order()
    assert not (a.order() <= b.order() <= c.order()) or a.order() <= c.order()
    assert a.order() == Leaf(a.number, a.side).order()


@given(st.integers(0, 10**17), st.integers(0, 5), st.sampled_from(LETTERS))
def test_recto_comes_before_verso_before_the_lettered_leaf_before_the_next(n: int, zeros: int, letter: str) -> None:
    number = "0" * zeros + str(n)
    row = [
        Leaf(number),
        Leaf(number, "v"),
        Leaf(number + letter),
        Leaf(number + letter, "v"),
        Leaf(str(n + 1)),
    ]
    assert sorted(reversed(row), key=Leaf.order) == row
    assert Leaf(number).order() == Leaf(number, "r").order() == Leaf(f"[{number}]").order()


def test_roman_numbers_come_before_the_others_in_their_own_order() -> None:
    row = [Leaf(number) for number in ("i", "iv", "v", "ix", "xiv", "xl", "0", "1", "9", "10", "0160", "1" * 19)]
    assert sorted(reversed(row), key=Leaf.order) == row


@pytest.mark.parametrize(
    ("number", "value"),
    [("i", 1), ("iv", 4), ("ix", 9), ("xl", 40), ("xc", 90), ("cd", 400), ("MCMXLV", 1945), ("", 0), ("zz", 0)],
)
def test_a_roman_number_has_its_value(number: str, value: int) -> None:
    assert roman(number) == value


def test_a_locator_is_plural_with_a_range_or_a_list() -> None:
    assert [parse(text).is_plural() for text in ("5", "5-7", "5, 7", "12r-v")] == [False, True, True, True]


def test_each_side_has_its_mark() -> None:
    assert [format_leaf(Leaf("161", side), verso=" об.", recto=" лиц.") for side in locators_sides()] == [
        "161",
        "161 лиц.",
        "161 об.",
    ]


def locators_sides() -> tuple[locators.Side, ...]:
    """The sides a leaf has."""
    return ("", "r", "v")


def test_a_letter_and_the_mark_behind_it_stay_apart() -> None:
    assert [format_leaf(Leaf(number, "v")) for number in ("12", "[12]", "12а", "iv")] == [
        "12ob.",
        "[12]ob.",
        "12а ob.",
        "iv ob.",
    ]


@pytest.mark.parametrize("text", ["f. ", "1", "[", "]", "(", "1-1-1-", "1, ", "i", "l. ", " ", "1 об. ", "[1", "1-"])
def test_long_texts_take_linear_time(text: str) -> None:
    seconds = []
    for size in (100_000, 200_000):
        start = time.perf_counter()
        try:
            parse(text * (size // len(text)))
        except ParseError as error:
            assert len(error.caret()) < 1000
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < 5
    assert seconds[1] < 8 * seconds[0] + 0.2
