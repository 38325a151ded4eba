"""Dates as records hold them: levels 0 and 1 of EDTF by hand, level 2 as far as the `edtf` library reads it.

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
import contextlib
import datetime
import io
import re
from typing import Literal, TypeAlias

from citekit.errors import ParseError
from citekit.patterns import pattern
from citekit.values import frozen

Calendar: TypeAlias = Literal["gregorian", "julian"]

LONGEST = 64  # signs; the longest sensible EDTF text is far shorter, and the library's grammar backtracks
_HINT = "write 1945-11-19, 1945-11, 1945, 1946~ (about), 1955? (uncertain) or 1917-10-25/1917-11-07"
# One date of level 1: X stands for a figure that is not known, and a mark says how sure the whole is
_DATE = pattern(
    r"""(?: (-?[0-9]{4}) (?: -([0-9]{2}) (?: -([0-9]{2}) | -XX )? | -XX (?:-XX)? )?
          | (?P<decade> -? (?: [0-9]{3}X | [0-9]{2}XX | [0-9]XXX ) ) (?:-XX){0,2}
        ) [?~%]?""",
    re.VERBOSE,
)
_PLAIN = pattern(r"(?<![0-9])(-?[0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?![0-9])")
_LONG_YEAR = pattern(r"Y?(-?[0-9]+)(?:E([0-9]))?(?:S[0-9]+)?")  # two figures after E: before the universe
_OPEN = ("", "..")


@frozen
class Point:
    """A day, a month or a year: unknown parts are 0. *season* is EDTF's 21 (spring) to 24 (winter)."""

    year: int
    month: int = 0
    day: int = 0
    season: int = 0


@frozen
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

    date = one | one "/" one | one "/" open | open "/" one | what the edtf library reads of level 2
    one = (year ["-" month ["-" day]] | year "-" season) ["?" | "~" | "%"];  open = ".." | ""

    The last figures of a year, and the month and the day, may be X: not known. Raises ParseError that names the part
    which is wrong.
    """
    return _ordered(_by_hand(text, calendar) or _by_edtf(text, calendar))


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
        start, _, end = date.edtf.partition("/")
        span = (len(start) + 1, len(date.edtf))
        raise ParseError(f'date "{date.edtf}" runs backwards: {end} is before {start}', date.edtf, span)
    return date


# A season is somewhere in its year: winter has two ends, and south of the equator spring comes in September


def _first(point: Point) -> tuple[int, int, int]:
    return (point.year, point.month, point.day)


def _last(point: Point) -> tuple[int, int, int]:
    return (point.year, point.month or 13, point.day or 32)


Bounds: TypeAlias = tuple[Point | None, Point | None]


def _date(text: str, bounds: Bounds, calendar: Calendar) -> Date:
    return Date(
        text,
        *bounds,
        circa=any(sign in text for sign in "~%S"),
        uncertain=any(sign in text for sign in "?%"),
        unspecified="X" in text or text[0] in "[{",
        calendar=calendar,
    )


def _by_hand(text: str, calendar: Calendar) -> Date | None:
    """The date where it is of level 0 or 1, else None. Raises ParseError for a month or a day that does not exist."""
    slash = text.find("/")
    spans = [(0, len(text))] if slash < 0 else [(0, slash), (slash + 1, len(text))]
    found = [_DATE.fullmatch(text, *span) for span in spans]
    if not any(found) or not all(one or text[slice(*span)] in _OPEN for one, span in zip(found, spans, strict=True)):
        return None
    bounds = [_bounds(one, calendar) if one else (None, None) for one in found]
    return _date(text, (bounds[0][0], bounds[-1][1]), calendar)


def _bounds(found: re.Match[str], calendar: Calendar) -> tuple[Point, Point]:
    if decade := found["decade"]:
        return _years(decade)
    point = _point(found, calendar)
    return point, point


def _years(year: str) -> tuple[Point, Point]:
    """The first and the last of the years that *year* with its X may be."""
    low, high = sorted(int(year.replace("X", figure)) for figure in "09")
    return Point(low), Point(high)


def _point(found: re.Match[str], calendar: Calendar) -> Point:
    year, month, day = (int(found[group] or 0) for group in (1, 2, 3))

    def wrong(group: int, message: str) -> ParseError:
        return ParseError(f'date "{found.string}" has {message}', found.string, found.span(group), hint=_HINT)

    if 21 <= month <= 24 and not found.string.startswith("-", found.end(2)):
        return Point(year, season=month)
    if found[2] and not 1 <= month <= 12:
        raise wrong(2, f"no month {found[2]}")
    last = _days(year, month, calendar) if month else 0
    if found[3] and not 1 <= day <= last:
        raise wrong(3, f"no day {found[3]}: {_calendar.month_name[month]} {year} has {last} days")
    return Point(year, month, day)


def _days(year: int, month: int, calendar: Calendar) -> int:
    if month == 2 and calendar == "julian":
        return 29 if year % 4 == 0 else 28
    return 29 if month == 2 and _calendar.isleap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _by_edtf(text: str, calendar: Calendar) -> Date:
    unreadable = ParseError(f'date "{text[:LONGEST]}" cannot be read', text, (0, len(text)), hint=_HINT)
    if not text or len(text) > LONGEST or not text.isascii() or re.search(r"\s", text):
        raise unreadable
    for plain in _PLAIN.finditer(text):  # our own words for a month 13, wherever it stands
        _point(plain, calendar)
    import edtf  # 107 ms, so only for a date of level 2

    try:
        with contextlib.redirect_stdout(io.StringIO()):  # where the library stumbles it prints what it tried
            edtf.parse_edtf(text)
        bounds = _bounds_of_level_2(re.sub("[?~%]", "", text), calendar)
        if not any(bounds):
            raise ValueError(text)
    except Exception as error:  # the library raises whatever its grammar stumbles on: TypeError, ValueError, its own
        raise unreadable from error
    return _date(text, bounds, calendar)


def _bounds_of_level_2(text: str, calendar: Calendar) -> Bounds:
    """The ends of a date that the library has read, its marks taken away; as exact as all of it is known.

    Raises ValueError for what is too far off.
    """
    if text in _OPEN:
        return None, None
    if text[0] in "[{":
        return _bounds_of_set(text[1:-1], calendar)
    if "/" in text:
        start, end = text.split("/")
        return _bounds_of_level_2(start, calendar)[0], _bounds_of_level_2(end, calendar)[1]
    if one := _DATE.fullmatch(text.partition("T")[0]):  # the time of day is no part of a citation
        return _bounds(one, calendar)
    if long := _LONG_YEAR.fullmatch(text):
        point = Point(int(long[1]) * 10 ** int(long[2] or 0))
        return point, point
    if month := re.fullmatch("(-?[0-9]{4}-[0-9]{2})-[0-9X]{2}", text):  # 1945-11-1X
        return _bounds_of_level_2(month[1], calendar)
    if masked := re.match("-?[0-9X]{4}(?![0-9X])", text):  # 1945-XX-19 is some day of 1945
        return _years(masked[0])
    raise ValueError(text)


def _bounds_of_set(text: str, calendar: Calendar) -> Bounds:
    """The first and the last point of the set's members, each a date or a range with two stops."""
    members = [_bounds_of_level_2(member.replace("..", "/"), calendar) for member in text.split(",")]
    lows, highs = [low for low, _ in members if low], [high for _, high in members if high]
    start = min(lows, key=_first) if len(lows) == len(members) else None
    return start, max(highs, key=_last) if len(highs) == len(members) else None
