"""A date says when it starts and ends and how sure that is; a wrong one is named by the part that is wrong."""

from __future__ import annotations

import calendar as weeks
import datetime
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citekit.dates import LONGEST, Calendar, Date, Point, from_toml, parse
from citekit.errors import ParseError
from tests.strategies import ugly_text


def spring(year: int, season: int = 21) -> Point:
    """A season of *year*, spring unless said."""
    return Point(year, season=season)


# text, start, end, and what is said of it: c about, ? uncertain, X not wholly known
READ = [
    # level 0
    ("1945-11-19", Point(1945, 11, 19), Point(1945, 11, 19), ""),
    ("1945-11", Point(1945, 11), Point(1945, 11), ""),
    ("1945", Point(1945), Point(1945), ""),
    ("0000", Point(0), Point(0), ""),
    ("-0044-03-15", Point(-44, 3, 15), Point(-44, 3, 15), ""),
    ("1944-02-29", Point(1944, 2, 29), Point(1944, 2, 29), ""),
    ("2000-02-29", Point(2000, 2, 29), Point(2000, 2, 29), ""),
    ("1917-10-25/1917-11-07", Point(1917, 10, 25), Point(1917, 11, 7), ""),
    ("1945-11/1946", Point(1945, 11), Point(1946), ""),
    ("1945/1945-11", Point(1945), Point(1945, 11), ""),
    ("1945-11-19/1945-11", Point(1945, 11, 19), Point(1945, 11), ""),
    ("-0045/-0044", Point(-45), Point(-44), ""),
    # level 1: how sure
    ("1946~", Point(1946), Point(1946), "c"),
    ("1955?", Point(1955), Point(1955), "?"),
    ("1955%", Point(1955), Point(1955), "c?"),
    ("1945-11~", Point(1945, 11), Point(1945, 11), "c"),
    ("1945-11-19?", Point(1945, 11, 19), Point(1945, 11, 19), "?"),
    ("-0044~", Point(-44), Point(-44), "c"),
    ("1946~/1947", Point(1946), Point(1947), "c"),
    ("1946/1947?", Point(1946), Point(1947), "?"),
    ("1946~/1947?", Point(1946), Point(1947), "c?"),
    # level 1: open and unknown ends
    ("1945-05/..", Point(1945, 5), None, ""),
    ("../1945", None, Point(1945), ""),
    ("1945/", Point(1945), None, ""),
    ("/1945~", None, Point(1945), "c"),
    # level 1: seasons
    ("1945-21", spring(1945), spring(1945), ""),
    ("1945-24~", spring(1945, 24), spring(1945, 24), "c"),
    ("1945-22/1946-23", spring(1945, 22), spring(1946, 23), ""),
    ("1945-24/1945-03", spring(1945, 24), Point(1945, 3), ""),
    # level 1: figures that are not known
    ("194X", Point(1940), Point(1949), "X"),
    ("19XX~", Point(1900), Point(1999), "cX"),
    ("-19XX", Point(-1999), Point(-1900), "X"),
    ("194X-XX", Point(1940), Point(1949), "X"),
    ("194X/195X", Point(1940), Point(1959), "X"),
    ("1945-XX", Point(1945), Point(1945), "X"),
    ("1945-XX-XX?", Point(1945), Point(1945), "?X"),
    ("1945-11-XX", Point(1945, 11), Point(1945, 11), "X"),
    ("1945-XX/1946", Point(1945), Point(1946), "X"),
    ("1945-11-XX/1945-12-03", Point(1945, 11), Point(1945, 12, 3), "X"),
    ("../194X", None, Point(1949), "X"),
    # level 2, as far as the library reads it
    ("?1945", Point(1945), Point(1945), "?"),
    ("1945-11~-19", Point(1945, 11, 19), Point(1945, 11, 19), "c"),
    ("1945-?11/1946", Point(1945, 11), Point(1946), "?"),
    ("1945-XX-19", Point(1945), Point(1945), "X"),
    ("1945-11-1X", Point(1945, 11), Point(1945, 11), "X"),
    ("15XX-12-25", Point(1500), Point(1599), "X"),
    ("XXXX-12-25", Point(0), Point(9999), "X"),
    ("[1945,1947-03]", Point(1945), Point(1947, 3), "X"),
    ("[1947-03,1945]", Point(1945), Point(1947, 3), "X"),
    ("{1945-10..1945-12}", Point(1945, 10), Point(1945, 12), "X"),
    ("[..1945-11-19]", None, Point(1945, 11, 19), "X"),
    ("[1945,1946..]", Point(1945), None, "X"),
    ("Y170000002", Point(170000002), Point(170000002), ""),
    ("Y-17E7", Point(-170000000), Point(-170000000), ""),
    ("1945S2", Point(1945), Point(1945), "c"),
    ("1945-11-19T12:00:00Z", Point(1945, 11, 19), Point(1945, 11, 19), ""),
]


@pytest.mark.parametrize(("text", "start", "end", "said"), READ, ids=[text for text, *_ in READ])
def test_a_date_is_read(text: str, start: Point | None, end: Point | None, said: str) -> None:
    assert parse(text) == Date(text, start, end, circa="c" in said, uncertain="?" in said, unspecified="X" in said)


DAYS = "has no day {}: February {} has 28 days"
REFUSED = [
    ("1949-13", "has no month 13", "13"),
    ("1949-00", "has no month 00", "00"),
    ("1949-20", "has no month 20", "20"),
    ("1949-25", "has no month 25", "25"),
    ("1949-21-01", "has no month 21", "21"),
    ("1949-21-XX", "has no month 21", "21"),
    ("1949-13~", "has no month 13", "13"),
    ("1949-13-XX", "has no month 13", "13"),
    ("1949-01/1949-13", "has no month 13", "13"),
    ("../1949-13", "has no month 13", "13"),
    ("[1948,1949-13]", "has no month 13", "13"),
    ("1949-02-29", DAYS.format("29", "1949"), "29"),
    ("1900-02-29", DAYS.format("29", "1900"), "29"),
    ("1949-02-00", DAYS.format("00", "1949"), "00"),
    ("1949-04-31?", "has no day 31: April 1949 has 30 days", "31"),
    ("1949-02-01/1949-02-30", DAYS.format("30", "1949"), "30"),
    ("1950/1949", "runs backwards: 1949 is before 1950", "1949"),
    ("1945-11-19/1945-11-18", "runs backwards: 1945-11-18 is before 1945-11-19", "1945-11-18"),
    ("1947~/1946?", "runs backwards: 1946? is before 1947~", "1946?"),
    ("195X/194X", "runs backwards: 194X is before 195X", "194X"),
    ("-0044/-0045", "runs backwards: -0045 is before -0044", "-0045"),
    ("?1946/1945", "runs backwards: 1945 is before ?1946", "1945"),
]


@pytest.mark.parametrize(("text", "message", "part"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_a_wrong_part_is_named(text: str, message: str, part: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert caught.value.message == f'date "{text}" {message}'
    start, end = caught.value.span
    assert (text[start:end], end) == (part, text.rindex(part) + len(part))


UNREADABLE = (
    "",
    "..",
    "/",
    "//",
    "../..",
    "/..",
    "[..]",
    "45",
    "945",
    "11945",
    "19451119",
    "1945-1-1",
    "1945-1119",
    "1945-1946",
    "1945–1946",
    "1945-11/12",
    "1945-11-19/20",
    "1945/1946/1947",
    "19.11.1945",
    "19 November 1945",
    "November 1945",
    "1945 ",
    "1945\n",
    "1945/1946\n",
    "c. 1945",
    "1945?~",
    "1945u",
    "194x",
    "1945-X1",
    "1945-11-19-XX",
    "1945-XX-XX-XX",
    "19XX-13",
    "1945/open",
    "１９４５",
    "١٩٤٥-١١-١٩",
    "Y1945",
    "Y1E10",
    "Y-9E999999999",
)


@pytest.mark.parametrize("text", [*UNREADABLE, "1945" * LONGEST], ids=ascii)
def test_what_is_no_date_says_how_to_write_one(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert caught.value.message == f'date "{text[:LONGEST]}" cannot be read'
    assert caught.value.hint.startswith("write 1945-11-19, ")
    assert caught.value.span == (0, len(text))
    assert capsys.readouterr() == ("", "")


# Calendars


@pytest.mark.parametrize(
    ("text", "exists"), [("1900-02-29", True), ("1899-02-29", False), ("1900-02-30", False), ("-0004-02-29", True)]
)
def test_every_fourth_year_has_a_julian_leap_day(text: str, exists: bool) -> None:
    if exists:
        assert parse(text, "julian").calendar == "julian"
    else:
        with pytest.raises(ParseError, match="has no day"):
            parse(text, "julian")


@given(st.dates())
def test_every_day_is_read_and_no_other(day: datetime.date) -> None:
    assert parse(day.isoformat()).start == Point(day.year, day.month, day.day)
    after = weeks.monthrange(day.year, day.month)[1] + 1
    with pytest.raises(ParseError, match=f"has no day {after}: "):
        parse(f"{day.year:04d}-{day.month:02d}-{after}")


# What TOML gives


@pytest.mark.parametrize(
    ("value", "edtf"),
    [
        (datetime.date(1945, 11, 19), "1945-11-19"),
        (datetime.datetime(1945, 11, 19, 23, 59), "1945-11-19"),
        (datetime.datetime(1945, 11, 19, tzinfo=datetime.UTC), "1945-11-19"),
        (datetime.date(1, 1, 1), "0001-01-01"),
        (1958, "1958"),
        (45, "0045"),
        (0, "0000"),
        (-44, "-0044"),
        ("1946~", "1946~"),
    ],
)
def test_toml_dates_numbers_and_texts_are_dates(value: object, edtf: str) -> None:
    assert from_toml(value) == parse(edtf)


@pytest.mark.parametrize("value", [True, 1.5, [1945], {"year": 1945}, datetime.time(7, 32), None], ids=repr)
def test_nothing_else_of_toml_is_a_date(value: object) -> None:
    with pytest.raises(ParseError, match=f"^a date cannot be a {type(value).__name__}$"):
        from_toml(value)


def test_a_number_too_long_for_a_year_is_no_date() -> None:
    with pytest.raises(ParseError, match=r'^date "19451119" cannot be read$'):
        from_toml(19451119)


# Order

IN_ORDER = "-0044 0000 ../1944 1945 1945-02 1945-21 1945-05-09 1945-22 1945-11 1945-11-19 1945-24 1945-12-31/1950 1946"


def test_dates_sort_by_their_beginning_and_a_year_before_its_parts() -> None:
    dates = [parse(text) for text in IN_ORDER.split()]
    assert sorted(dates, key=Date.order) == dates
    assert len({date.order() for date in dates}) == len(dates)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [("1945", False), ("1945~", False), ("1945/1945", False), ("1945/1946", True), ("194X", True), ("1945/..", True)],
)
def test_a_range_has_two_ends_that_differ(text: str, ranges: bool) -> None:
    assert parse(text).is_range() is ranges


# Any text

_figures = st.integers(0, 99).map("{:02d}".format) | st.sampled_from(["XX", "13", "00", "21", "24", "32", "1X", "X1"])
_years = st.integers(0, 9999).map("{:04d}".format) | st.sampled_from(
    "194X 19XX 1XXX XXXX 19X5 -0044 Y19450 Y1E9".split()
)
_ones = st.builds(
    lambda before, parts, mark: before + "-".join(parts) + mark,
    st.sampled_from(["", "", "", "?", "~", "-"]),
    st.tuples(_years) | st.tuples(_years, _figures) | st.tuples(_years, _figures, _figures),
    st.sampled_from(["", "", "", "?", "~", "%", "?~", "S2", "T12:00:00"]),
)
nearly_dates = st.one_of(
    _ones,
    st.lists(_ones | st.sampled_from(["", "..", "open"]), min_size=2, max_size=3).map("/".join),
    st.builds("{}{}{}".format, st.sampled_from("[{"), st.lists(_ones, max_size=3).map(",".join), st.sampled_from("]}")),
    st.builds("[{}..{}]".format, _ones | st.just(""), _ones | st.just("")),
)


@given(nearly_dates | ugly_text, st.sampled_from(["gregorian", "julian"]))
@example("1945-[1945]", "gregorian")
def test_any_text_is_a_date_or_a_parse_error_inside_it(text: str, calendar: Calendar) -> None:
    wrong: ParseError | None = None
    try:
        date = parse(text, calendar)
    except ParseError as error:
        wrong = error
    if wrong:
        start, end = wrong.span
        assert (0 <= start <= end <= len(text), wrong.text, bool(wrong.message)) == (True, text, True)
        return
    assert (date.edtf, date.calendar) == (text, calendar)
    assert date.start or date.end
    assert not (date.start and date.end) or (date.start.year <= date.end.year)
    assert (date.circa, date.uncertain) == (bool({*"~%S"} & {*text}), bool({*"?%"} & {*text}))


@given(nearly_dates, nearly_dates)
def test_the_order_of_dates_is_the_order_of_their_years(one: str, other: str) -> None:
    try:
        first, second = sorted([parse(one), parse(other)], key=Date.order)
    except ParseError:
        return
    beginnings = [date.start or date.end for date in (first, second)]
    assert all(beginnings)
    assert [point.year for point in beginnings if point] == sorted(point.year for point in beginnings if point)


def test_level_1_needs_no_library() -> None:
    code = """import sys; from citekit.dates import parse
for text in ("1945-11-19", "1946~", "1955-11?/..", "1945-21%", "194X", "1945-XX/1946"): parse(text)
print("edtf" in sys.modules)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"


HOSTILE: list[Any] = ["[", "1945,", "{1945..", "1945?-", "((", "-", "X", "Y1E", "1945/", "~"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_of_any_length_costs_no_more_than_the_longest_that_is_read(piece: str) -> None:
    """Only LONGEST signs ever reach the library's grammar, which backtracks."""
    with pytest.raises(ParseError, match="cannot be read"):
        parse((piece * LONGEST)[:LONGEST])
    with pytest.raises(ParseError, match="cannot be read") as caught:
        parse(piece * 100_000)
    assert caught.value.__cause__ is None  # the library was not asked
