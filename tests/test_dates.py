"""A date says when it starts and ends and how sure that is; a wrong one is named by the part that is wrong."""

from __future__ import annotations

import calendar as weeks
import datetime
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citekit.dates import (
    LONGEST,
    Calendar,
    Date,
    Language,
    Point,
    from_toml,
    gregorian,
    in_words,
    parse,
    read_at,
    read_noted,
    read_words,
    table_of,
)
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
@example("[0001..0000]", "gregorian")
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


# The two calendars


@given(st.integers(1, 3_000_000))
def test_a_julian_day_and_its_gregorian_one_have_the_same_number(number: int) -> None:
    """The Julian calendar is counted here year by year: another way than the formula's."""
    cycles, rest = divmod(number - 1, 1461)  # four years, the last one of them with a leap day
    year, month, day = 4 * cycles + 1 + min(rest // 365, 3), 1, rest - 365 * min(rest // 365, 3) + 1
    while day > (last := 28 + (year % 4 == 0) if month == 2 else weeks.monthrange(year, month)[1]):
        month, day = month + 1, day - last
    new = (
        datetime.date.fromordinal(number - 2) if number > 2 else None
    )  # 1 January 1 is 3 January in the older calendar
    moved = gregorian(parse(f"{year:04d}-{month:02d}-{day:02d}", "julian"))
    assert moved.calendar == "gregorian"
    if new:
        assert (moved.edtf, moved.start) == (new.isoformat(), Point(new.year, new.month, new.day))


MOVED = [
    ("1917-10-25", "1917-11-07"),
    ("1900-02-29", "1900-03-13"),
    ("1825-12-14", "1825-12-26"),
    ("1705-01-01~", "1705-01-12~"),
    ("1917-10-25/1917-11", "1917-11-07/1917-11"),
    ("1917-10-25/..", "1917-11-07/.."),
    ("1917-10", "1917-10"),
    ("1917", "1917"),
    ("-0044-03-15", "-0044-03-13"),
]


@pytest.mark.parametrize(("old", "new"), MOVED)
def test_only_days_are_moved_to_the_newer_calendar(old: str, new: str) -> None:
    assert gregorian(parse(old, "julian")).edtf == new
    assert gregorian(parse(new)).edtf == new


def test_an_old_style_day_is_sorted_by_the_day_it_was() -> None:
    october, november = parse("1917-10-25", "julian"), parse("1917-11-01")
    assert sorted([october, november], key=Date.order) == [november, october]
    assert parse("1917-10", "julian").order() == (1917, 10, 0)


# Words

J = "julian"
WORDS = [
    ("19 November 1945", "1945-11-19"),
    ("November 19, 1945", "1945-11-19"),
    ("July 04, 1949", "1949-07-04"),
    ("Nov. 1945", "1945-11"),
    ("Sept 5, 1945", "1945-09-05"),
    ("February 1946", "1946-02"),
    ("Monday, November 19th, 1945.", "1945-11-19"),
    ("5th of May 1945", "1945-05-05"),
    ("1945 November 19", "1945-11-19"),
    ("19 ноября 1945 г.", "1945-11-19"),
    ("«19» ноября 1945 года", "1945-11-19"),
    ("«__» ноября 1945 г.", "1945-11"),
    ("ноябрь 1945", "1945-11"),
    ("нояб. 1945 г.", "1945-11"),
    ("19 листопада 1945 р.", "1945-11-19"),
    ("19.11.1945", "1945-11-19"),
    ("05.06.1950 г.", "1950-06-05"),
    ("19.XI.1945", "1945-11-19"),
    ("19-xi-1945", "1945-11-19"),
    ("10/30/1962", "1962-10-30"),
    ("30/10/1962", "1962-10-30"),
    ("5/5/1950", "1950-05-05"),
    ("1958", "1958"),
    ("ca. 1772", "1772~"),
    ("[ca. 1772]", "1772~"),
    ("ок. 1772 г.", "1772~"),
    ("1955?", "1955?"),
    ("[1955?]", "1955?"),
    ("probably ca. May 1945", "1945-05%"),
    ("spring 1945", "1945-21"),
    ("Fall 1968", "1968-23"),
    ("зима 1945 г.", "1945-24"),
    ("winter 1945–46", "1945-24"),
    ("winter 1945/1946", "1945-24"),
    ("1950s", "195X"),
    ("1920-1930-е гг.", "192X/193X"),
    ("June 5-7, 1950", "1950-06-05/1950-06-07"),
    ("5–7 июня 1950 г.", "1950-06-05/1950-06-07"),
    ("с 5 по 7 июня 1950 г.", "1950-06-05/1950-06-07"),
    ("August 1, 1951 - July 9, 1952", "1951-08-01/1952-07-09"),
    ("1 November – 3 December 1950", "1950-11-01/1950-12-03"),
    ("декабрь 1949 г. – январь 1950 г.", "1949-12/1950-01"),
    ("June/July 1950", "1950-06/1950-07"),
    ("from 1945 to 1950", "1945/1950"),
    ("1950–51", "1950/1951"),
    ("1917-21", "1917/1921"),
    ("1955–60?", "1955/1960?"),
    ("Circa 1400-10", "1400~/1410~"),
    ("1945 – ca. 1947", "1945/1947~"),
    ("after 1945", "1945/.."),
    ("since May 1945", "1945-05/.."),
    ("с 1945 г.", "1945/.."),
    ("до 1945 г.", "../1945"),
    ("not later than 5 May 1945", "../1945-05-05"),
    ("не ранее 5 мая 1945 г.", "1945-05-05/.."),
    ("November [19], 1945", "1945-11-19"),
    ("(1945)", "1945"),
    ("1945-11-19", "1945-11-19"),
    ("19 November 1945 – 1945-12-01", "1945-11-19/1945-12-01"),
    ("1946~", "1946~"),
    ("1945-21", "1945-21"),
    ("1945/", "1945/"),
    ("25 October/7 November 1917", "1917-10-25", J),
    ("25 октября (7 ноября) 1917 г.", "1917-10-25", J),
    ("7 ноября (25 октября) 1917 г.", "1917-10-25", J),
    ("5 (18) января 1905 г.", "1905-01-05", J),
    ("5/18 January 1905", "1905-01-05", J),
    ("6 January 1877/18 January 1877", "1877-01-06", J),
    ("22 December 1900/4 January 1901", "1900-12-22", J),
    ("25 October 1917 (O.S.)", "1917-10-25", J),
    ("29 февраля 1900 г. по ст. ст.", "1900-02-29", J),
    ("7 November 1917 (New Style)", "1917-11-07"),
    ("5/7 June 1950", "1950-06-05/1950-06-07"),
    ("between July 3 and 5, 1964", "1964-07-03/1964-07-05"),
    ("between May 1945 and 3 June 1945", "1945-05/1945-06-03"),
    ("Between 1945 and 1947", "1945/1947"),
    ("между 3 и 5 мая 1950 г.", "1950-05-03/1950-05-05"),
    ("September 28 and 30, 1959", "{1959-09-28,1959-09-30}"),
    ("28 July and 3 August 1964", "{1964-07-28,1964-08-03}"),
    ("May and June 1959", "{1959-05,1959-06}"),
    ("July 3, 1964 (?)", "1964-07-03?"),
    ("1964 (?)", "1964?"),
    ("12 iiunia 1986 g.", "1986-06-12"),
    ("3-5 sentyabrya 1941 g.", "1941-09-03/1941-09-05"),
    ("1941-1945 gg.", "1941/1945"),
]


@pytest.mark.parametrize(("text", "edtf", "calendar"), [(*case, "gregorian")[:3] for case in WORDS])
def test_dates_in_words_are_read(text: str, edtf: str, calendar: Calendar) -> None:
    assert read_noted(text) == (parse(edtf, calendar), "")
    assert read_words(text) == parse(edtf, calendar)


@pytest.mark.parametrize("text", ["n.d.", "[n. d.]", "no date", "undated", "б. д.", "б.д.", "Без даты", "б/д"])
def test_an_undated_document_has_a_date_that_says_nothing(text: str) -> None:
    date = read_words(text)
    assert date == Date("", None, None)
    assert table_of(date) == {}
    assert date.order() > parse("1991-12-25").order()


@pytest.mark.parametrize(
    ("text", "edtf", "note"),
    [
        ("[day of month left blank in quotes] February 1946", "1946-02", "[day of month left blank in quotes]"),
        ("July 1949 [day illegible]", "1949-07", "[day illegible]"),
        ("early 1950", "1950", "early"),
        ("[undated] 1989", "1989", "[undated]"),
        ("конец 1949 г. [дата правлена]", "1949", "конец; [дата правлена]"),
    ],
)
def test_what_no_date_can_say_is_its_note(text: str, edtf: str, note: str) -> None:
    assert read_noted(text) == (parse(edtf), note)
    assert table_of(*read_noted(text)) == {"date": edtf, "date_note": note}


def test_a_record_writes_a_day_as_toml_has_it_and_an_old_one_with_its_calendar() -> None:
    assert table_of(parse("1945-11-19")) == {"date": datetime.date(1945, 11, 19)}
    assert table_of(parse("1917-10-25", "julian")) == {"date": "1917-10-25", "calendar": "julian"}


NO_WORDS = [
    ("", "cannot be read"),
    ("5 June", "cannot be read"),
    ("June", "cannot be read"),
    ("5 1950", "cannot be read"),
    ("spring June 1950", "cannot be read"),
    ("1945 1946", "not part of a date"),
    ("5/6/1950", "cannot be read"),
    ("between 1945", "cannot be read"),
    ("spring and autumn 1945", "cannot be read"),
    ("from 3 and 5 May 1945", "cannot be read"),
    ("May 1945 and 12", "not part of a date"),
    ("1945 and 5 May 1946", "not part of a date"),
    ("30/13/1962", "has no month 13"),
    ("19/X-1945", "cannot be read"),
    ("19 IXV 1945", "cannot be read"),
    ("19.IIII.1945", "cannot be read"),
    ("19 Nov 45", "cannot be read"),
    ("19 Brumaire 1799", "cannot be read"),
    ("November 1945, Moscow", "not part of a date"),
    ("– 1945", "cannot be read"),
    ("1945 – 1946 – 1947", "not part of a date"),
    ("1945 – g.", "not part of a date"),
    ("25 October (8 November) 1917", "cannot be read"),
    ("after 1945–1947", "not part of a date"),
    ("31 April 1945", "has no day 31: April 1945 has 30 days"),
    ("29.02.1900", "has no day 29: February 1900 has 28 days"),
    ("1951 – 1950", "not part of a date"),
    ("7–5 June 1950", "runs backwards: 1950-06-05 is before 1950-06-07"),
    ("1949-13", "has no month 13"),
    ("[[1945", "cannot be read"),
]


@pytest.mark.parametrize(("text", "message"), NO_WORDS)
def test_what_is_no_date_in_words_is_refused_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=f"{message}$"):
        read_words(text)


def test_the_longest_date_at_a_place_is_found() -> None:
    text = "Cable, June 5-7, 1950, 5 boxes"
    date, note, end = read_at(text, 6) or (None, "", 0)
    assert (date, note, text[:end]) == (parse("1950-06-05/1950-06-07"), "", "Cable, June 5-7, 1950")
    assert read_at(text) is None
    assert (read_at("5 июня 1950 г. // ГАРФ") or ("", "", 0))[2] == len("5 июня 1950 г.")


LANGUAGES: tuple[Language, ...] = ("en", "ru", "uk")
PRINTED = [
    ("1945-11-19", "19 November 1945", "19 ноября 1945 г.", "19 листопада 1945 р."),
    ("1945-11~", "ca. November 1945", "ок. ноябрь 1945 г.", "бл. листопад 1945 р."),
    ("1955?", "1955?", "1955 г.?", "1955 р.?"),
    ("1945-24", "winter 1945", "зима 1945 г.", "зима 1945 р."),
    ("194X", "1940s", "1940-е гг.", "1940-е рр."),
    ("1945-05/..", "after May 1945", "после мая 1945 г.", "після травня 1945 р."),
    ("../1945", "before 1945", "до 1945 г.", "до 1945 р."),
    ("/1945", "before 1945", "до 1945 г.", "до 1945 р."),
    ("1945/", "after 1945", "после 1945 г.", "після 1945 р."),
    ("1949-07-XX", "July 1949", "июль 1949 г.", "липень 1949 р."),
    ("1949-XX-XX?", "1949?", "1949 г.?", "1949 р.?"),
    ("{1959-09-28,1959-09-30}", "28 and 30 September 1959", "28 и 30 сентября 1959 г.", "28 та 30 вересня 1959 р."),
    ("{1946,1948}", "1946 and 1948", "1946 и 1948 г.", "1946 та 1948 р."),
    ("{1946..1948}", "{1946..1948}", "{1946..1948}", "{1946..1948}"),
    ("1950-06-05/1951", "5 June 1950 – 1951", "5 июня 1950 г. – 1951 г.", "5 червня 1950 р. – 1951 р."),
    ("19XX", "19XX", "19XX", "19XX"),
    ("1946~/1947", "1946~/1947", "1946~/1947", "1946~/1947"),
    ("1945-XX-19", "1945-XX-19", "1945-XX-19", "1945-XX-19"),
    ("-0044", "-0044", "-0044", "-0044"),
]


@pytest.mark.parametrize(("edtf", *LANGUAGES), PRINTED)
def test_a_date_is_put_into_words(edtf: str, en: str, ru: str, uk: str) -> None:
    assert [in_words(parse(edtf), language) for language in LANGUAGES] == [en, ru, uk]


def test_an_old_style_day_is_printed_in_both_calendars() -> None:
    october = parse("1917-10-25", "julian")
    assert [in_words(october, language) for language in LANGUAGES] == [
        "25 October/7 November 1917",
        "25 октября/7 ноября 1917 г.",
        "25 жовтня/7 листопада 1917 р.",
    ]
    assert in_words(parse("1900-12-22~", "julian")) == "ca. 22 December 1900/4 January 1901"
    assert in_words(parse("1917-10", "julian")) == "October 1917 (O.S.)"
    assert in_words(parse("1917-10/1917-11", "julian"), "ru") == "октябрь 1917 г. – ноябрь 1917 г. (ст. ст.)"


@given(nearly_dates, st.sampled_from(["gregorian", "julian"]), st.sampled_from(LANGUAGES))
def test_a_date_put_into_words_is_read_back(text: str, calendar: Calendar, language: Language) -> None:
    try:
        date = parse(text, calendar)
    except ParseError:
        return
    words = in_words(date, language)
    if words != date.edtf:
        read, note = read_noted(words)
        assert note == ""
        assert (read.order(), read.end, read.circa, read.uncertain) == (
            date.order(),
            date.end,
            date.circa,
            date.uncertain,
        )


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(9998, 1, 1)), st.sampled_from(LANGUAGES), st.booleans())
def test_every_day_is_printed_and_read_in_every_language(day: datetime.date, language: Language, old: bool) -> None:
    if old and (day.month, day.day) == (2, 29) and day.year % 4:
        return
    date = parse(day.isoformat(), "julian" if old else "gregorian")
    assert in_words(date, language) != date.edtf
    assert read_words(in_words(date, language)) == date


_pieces = st.sampled_from(
    "5 19 31 1945 1917 45 November ноября Nov. ca. ? – - / ( ) [ ] , . г. after до winter 1950s 1920-е O.S. n.d. «19» "
    "XI 19.11.1945 5/6/1950 from to 1945-11-19 “_” early [sic]".split()
)


@given(ugly_text | st.lists(_pieces, max_size=10).map(" ".join) | st.lists(_pieces, max_size=10).map("".join))
def test_any_words_are_a_date_or_a_parse_error(text: str) -> None:
    try:
        date, _ = read_noted(text)
    except ParseError as error:
        wrong = error.span
    else:
        wrong = (0, 0)
    assert 0 <= wrong[0] <= wrong[1]
    if wrong != (0, 0):
        return
    assert date.start or date.end or not date.edtf
    assert not date.edtf or parse(date.edtf, date.calendar) == date


@pytest.mark.parametrize(
    "piece", [",", "5", "[", "(", "1945 ", "[1945] ", "–", "ca. ", "«", "_", "november", " ", "[a]"]
)
def test_reading_words_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        text, taken = f"5 June {piece * count}", []
        for _ in range(3):
            start = time.process_time()
            with pytest.raises(ParseError):
                read_words(text)
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(1_000_000) < 40 * max(seconds(100_000), 1e-3)  # tenfold is right, 100-fold would be the square
