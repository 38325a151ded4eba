"""Dates as records hold them: plain ISO by hand, everything else of EDTF by the `edtf` library.

A `Date` keeps the text it was read from and says what can be known: where it starts and ends, whether it is
approximate or uncertain. Nothing is converted between calendars. Printing is the citation style's business.

Source: Extended Date/Time Format specification, Library of Congress, 2019, levels 0 and 1 (ISO 8601-2:2019, annex A).

>>> parse("1945-11-19").start
Point(year=1945, month=11, day=19, season=0)
>>> parse("1946~").circa
True
"""

from __future__ import annotations

import calendar as _calendar
import datetime
import re
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from citekit.errors import ParseError

Calendar: TypeAlias = Literal["gregorian", "julian"]

LONGEST = 64  # signs; the longest sensible EDTF text is far shorter, and the library's grammar backtracks
_HINT = "write 1945-11-19, 1945-11, 1945, 1946~ (about), 1955? (uncertain) or 1917-10-25/1917-11-07"
_POINT = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a month or a year: unknown parts are 0. *season* is EDTF's 21 (spring) to 24 (winter)."""

    year: int
    month: int = 0
    day: int = 0
    season: int = 0


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a range. *start* equals *end* for a single date; None stands for an open or unknown end."""

    edtf: str
    start: Point | None
    end: Point | None
    circa: bool = False
    uncertain: bool = False
    unspecified: bool = False
    calendar: Calendar = "gregorian"

    def is_range(self) -> bool:
        """Whether start and end differ."""
        return self.start != self.end

    def order(self) -> tuple[int, int, int]:
        """A key that sorts by beginning, a year before its months; a date without a beginning sorts by its end."""
        point = self.start or self.end or Point(9999)
        return (point.year, point.month or (point.season - 20) * 3 * bool(point.season), point.day)


def parse(text: str, calendar: Calendar = "gregorian") -> Date:
    """Reads an EDTF date; *calendar* says in which calendar its days exist (29 February 1900 is a Julian day).

    date = point | point "/" point | what the edtf library reads;  point = year ["-" month ["-" day]]

    Raises ParseError that names the part which is wrong.
    """
    ends = text.split("/")
    if len(ends) <= 2 and all(_POINT.fullmatch(end) for end in ends):
        start, end = _point(text, ends[0], 0, calendar), _point(text, ends[-1], text.find("/") + 1, calendar)
        return _ordered(Date(text, start, end, calendar=calendar))
    return _ordered(_by_edtf(text, calendar))


def from_toml(value: object, calendar: Calendar = "gregorian") -> Date:
    """Reads what a TOML file gives: a date, a date and time, a year as a whole number, or an EDTF string.

    Raises ParseError for anything else.
    """
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        value = value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:05d}" if value < 0 else f"{value:04d}"
    if not isinstance(value, str):
        raise ParseError(f"a date cannot be a {type(value).__name__}", str(value), (0, 1), hint=_HINT)
    return parse(value, calendar)


def _ordered(date: Date) -> Date:
    """The date itself. Raises ParseError where its end lies before its start."""
    if date.start and date.end and _last(date.end) < _first(date.start):
        start, end = date.edtf.split("/", 1) if "/" in date.edtf else (date.edtf, date.edtf)
        span = (len(start) + 1, len(date.edtf))
        raise ParseError(f'date "{date.edtf}" runs backwards: {end} is before {start}', date.edtf, span)
    return date


def _first(point: Point) -> tuple[int, int, int]:
    return (point.year, point.month, point.day)


def _last(point: Point) -> tuple[int, int, int]:
    return (point.year, point.month or 13, point.day or 32)


def _point(text: str, part: str, offset: int, calendar: Calendar) -> Point:
    found = _POINT.fullmatch(part)
    if not found:
        raise AssertionError(part)  # the caller has matched it
    year, month, day = (int(number) if number else 0 for number in found.groups())

    def wrong(group: int, message: str) -> ParseError:
        span = (offset + found.start(group), offset + found.end(group))
        return ParseError(f'date "{text}" has {message}', text, span, hint=_HINT)

    if found[2] and 21 <= month <= 24 and not found[3]:
        return Point(year, season=month)
    if found[2] and not 1 <= month <= 12:
        raise wrong(2, f"no month {found[2]}")
    if found[3] and not 1 <= day <= _days(year, month, calendar):
        raise wrong(
            3, f"no day {found[3]}: {_calendar.month_name[month]} {year} has {_days(year, month, calendar)} days"
        )
    return Point(year, month, day)


def _days(year: int, month: int, calendar: Calendar) -> int:
    if month == 2 and calendar == "julian":
        return 29 if year % 4 == 0 else 28
    return 29 if month == 2 and _calendar.isleap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _by_edtf(text: str, calendar: Calendar) -> Date:
    unreadable = ParseError(f'date "{text[:LONGEST]}" cannot be read', text, (0, len(text)), hint=_HINT)
    if not text or len(text) > LONGEST or re.search(r"\s", text):
        raise unreadable
    for part in re.finditer(r"-?\d{4}(-\d\d){1,2}", text):  # our own words for a month 13, wherever it stands
        _point(text, part[0], part.start(), calendar)
    import edtf  # 107 ms, so only for a date that is not plain

    try:
        found = edtf.parse_edtf(text)
        return Date(
            text,
            *_bounds(text, found, calendar),
            circa=bool(found.is_approximate or found.is_uncertain_and_approximate),
            uncertain=bool(found.is_uncertain or found.is_uncertain_and_approximate),
            unspecified="X" in text or text[0] in "[{",
            calendar=calendar,
        )
    except ParseError:
        raise
    except Exception as error:  # the library raises whatever its grammar stumbles on: TypeError, ValueError, its own
        raise unreadable from error


def _bounds(text: str, found: Any, calendar: Calendar) -> tuple[Point | None, Point | None]:
    if "/" in text:
        start, end = text.split("/", 1)
        return _bound(start, calendar), _bound(end, calendar)
    plain = text.rstrip("?~%")
    if _POINT.fullmatch(plain):
        point = _point(text, plain, 0, calendar)
        return point, point
    low, high = found.lower_strict(), found.upper_strict()
    if "X" in plain and re.fullmatch(r"-?\d{4}(-XX)+", plain):  # a year whose month is not known is that year
        return Point(low[0]), Point(low[0])
    if re.fullmatch(r"-?\d{4}-\d\d-XX", plain):
        return Point(low[0], low[1]), Point(low[0], low[1])
    if re.fullmatch(r"-?[\dX]{4}|Y-?\d+", plain):
        return Point(low[0]), Point(high[0])
    return Point(*low[:3]), Point(*high[:3])


def _bound(text: str, calendar: Calendar) -> Point | None:
    """One end of a range that the library has read; None where it is open ("..") or unknown ("")."""
    plain = text.rstrip("?~%")
    return _point(text, plain, 0, calendar) if _POINT.fullmatch(plain) else None
