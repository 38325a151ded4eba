"""Dates: localised and not, ranges whose equal parts are said once, seasons, years before Christ.

Source: CSL 1.0.2, "Date", "Date-part", "Localized Dates", "Date Ranges", "AD and BC", "Seasons".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from citekit.csl.item import Date
from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from citekit.csl.locale import Locale

_ORDER = ("year", "month", "day")


@frozen
class Point:
    """A day, a month, a season or a year. 0 means unknown; a year before Christ is negative; *season* is 1 to 4."""

    year: int = 0
    month: int = 0
    day: int = 0
    season: int = 0


@frozen
class Span:
    """What a date variable says: one or two points, or words; whether it is only about right; *both*: the points and
    none between them.
    """

    start: Point | None = None
    end: Point | None = None
    words: str = ""
    circa: bool = False
    season_name: str = ""
    open: bool = False
    both: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Part:
    """How a style prints one part of a date. *wrap* puts it into its faces, case and affixes."""

    name: str
    form: str
    delimiter: str
    prefix: str
    suffix: str
    wrap: Callable[[str], str]
    era: bool = True


def read(value: Any) -> Span:
    """A date as CSL-JSON has it: points of whole numbers, EDTF or other words in `raw` or bare, words in `literal`.

    What is no date at all is an empty span.
    """
    if isinstance(value, Date):
        return _read(value) if value.more else _span(value.parts)
    if isinstance(value, bool) or not value:
        return Span()
    return _read_raw(str(value)) if isinstance(value, str | int) else Span()


@lru_cache(16_384)
def _span(parts: tuple[tuple[int, ...], ...]) -> Span:
    return _read(Date(parts))


def _read(value: Date) -> Span:
    circa = _truth(value.more.get("circa"))
    season = value.more.get("season", "")
    points = [point for numbers in value.parts if (point := _point(numbers))]
    if points:
        start = points[0]
        name = ""
        if season and not start.season and not start.month:
            name = str(season)
            start = replace(start, season=_season(season))
        end = points[1] if len(points) > 1 else None
        both = _truth(value.more.get("both"))
        return Span(start, end, circa=circa, season_name=name, open=len(value.parts) > 1 and end is None, both=both)
    for key in ("raw", "literal"):
        words = value.more.get(key)
        if isinstance(words, str) and words:
            span = _read_raw(words) if key == "raw" else Span(words=words)
            return replace(span, circa=circa or span.circa)
    return Span(circa=circa)


def _truth(value: object) -> bool:
    return value not in (None, "", 0, "0", False, "false")


def _point(numbers: Sequence[int]) -> Point | None:
    if not numbers or not numbers[0]:
        return None
    year, month, day = (*numbers[:3], 0, 0)[:3]
    if month > 12 or month < 0:
        number = (month - 1) % 4 + 1 if 13 <= month <= 24 else 0
        return Point(year, season=number)
    return Point(year, month, day if 0 < day <= 31 else 0)


def _season(value: object) -> int:
    text = str(value).strip().lower()
    names = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
    if text in ("1", "2", "3", "4"):
        return int(text)
    return names.get(text, 0)


_EDTF = pattern(r"(-?\d{1,4}|[-+]?\d{4,9})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?:T[\d:.Z+-]+)?[?~%]?")
_MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec spring summer fall winter autumn".split(), 1
    )
}
_ENGLISH = pattern(r"(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?\s*(?:(\d{1,2})\s*,?\s+)?,?\s*(\d{4})")


@lru_cache(1024)
def _read_raw(text: str) -> Span:
    """EDTF, or English words; anything else is kept as words."""
    start, _, end = text.strip().partition("/") if _is_interval(text) else (text.strip(), "", "")
    circa = bool(re.search("[?~%]", text))
    first, second = _one_raw(start), _one_raw(end)
    if first is None or (end not in ("", "..") and second is None):
        return Span(words=text)
    return Span(first, second, circa=circa, open=end == "..")


def _is_interval(text: str) -> bool:
    return bool(re.fullmatch(r"\s*-?[\d-]{4,}[?~%]?/(-?[\d-]{4,}[?~%]?|\.\.|)\s*", text))


def _one_raw(text: str) -> Point | None:
    if found := _EDTF.fullmatch(text):
        return _point([int(part) for part in found.groups() if part])
    if found := _ENGLISH.fullmatch(text):
        day, name, later, year = found.groups()
        number = _MONTHS.get(name[:3].lower()) or _MONTHS.get(name.lower(), 0)
        if name.lower() in _MONTHS and number > 12:
            return Point(int(year), season={13: 1, 14: 2, 15: 3, 16: 4, 17: 3}[number])
        return Point(int(year), number, int(day or later or 0)) if number else None
    return None


# Printing


def render(span: Span, parts: Sequence[Part], locale: Locale, delimiter: str, suffix: str = "") -> str:
    """The date by *parts*, in their order, with *delimiter* between those that print something; *suffix* is the letter
    behind the (last) year."""
    if span.start is None:
        return ""
    if span.end is None or span.end == span.start:
        if not span.open:
            return _point_text(span, span.start, parts, locale, delimiter, suffix)
        between = next((part.delimiter for part in parts if _has(span.start, part.name)), "")
        text = _point_text(span, span.start, _ending(parts, span.start), locale, delimiter, suffix)
        return text + between if text else ""
    return _range_text(span, span.start, span.end, parts, locale, delimiter, suffix)


def _point_text(
    span: Span, point: Point, parts: Sequence[Part], locale: Locale, delimiter: str, suffix: str = ""
) -> str:
    texts = [_part_text(span, point, part, locale, suffix) for part in parts]
    return delimiter.join(text for text in texts if text)


def _range_text(
    span: Span, start: Point, end: Point, parts: Sequence[Part], locale: Locale, delimiter: str, suffix: str
) -> str:
    """The parts that differ twice, with the delimiter of the largest of them between; the others once."""
    named = {part.name for part in parts}
    values = {
        "year": (start.year, end.year),
        "month": (start.month or start.season, end.month or end.season),
        "day": (start.day, end.day),
    }
    differing = next((name for name in _ORDER if name in named and values[name][0] != values[name][1]), "")
    if not differing:
        return _point_text(span, start, parts, locale, delimiter, suffix)
    twice = {name for name in _ORDER[_ORDER.index(differing) :] if name in named}
    places = [number for number, part in enumerate(parts) if part.name in twice]
    first, last = places[0], places[-1]
    between = next(part.delimiter for part in parts if part.name == differing)
    if span.both:
        between = f" {locale.term('and')} "
    before, middle, after = parts[:first], parts[first : last + 1], parts[last + 1 :]
    halves = [
        _point_text(span, start, _ending(middle, start, era=not (start.year < 0 > end.year)), locale, delimiter),
        _point_text(span, end, _beginning(middle, end), locale, delimiter, suffix),
    ]
    texts = [
        _point_text(span, start, before, locale, delimiter, suffix),
        between.join(half for half in halves if half),
        _point_text(span, start, after, locale, delimiter, suffix),
    ]
    return delimiter.join(text for text in texts if text)


def _ending(parts: Sequence[Part], point: Point, *, era: bool = True) -> list[Part]:
    """*parts* without the suffix of the last one that *point* has: the range's delimiter follows it. If that is the
    year, without its *era*, where the end has the same."""
    last = max((number for number, part in enumerate(parts) if _has(point, part.name)), default=-1)
    return [replace(part, suffix="", era=era) if number == last else part for number, part in enumerate(parts)]


def _beginning(parts: Sequence[Part], point: Point) -> list[Part]:
    first = next((number for number, part in enumerate(parts) if _has(point, part.name)), -1)
    return [replace(part, prefix="") if number == first else part for number, part in enumerate(parts)]


def _has(point: Point, name: str) -> bool:
    return bool({"year": point.year, "month": point.month or point.season, "day": point.day}[name])


def _part_text(span: Span, point: Point, part: Part, locale: Locale, suffix: str) -> str:
    text = {"year": _year, "month": _month, "day": _day}[part.name](span, point, part, locale)
    if suffix and part.name == "year":
        text += suffix
    return f"{part.prefix}{part.wrap(text)}{part.suffix}" if text else ""


def _year(_: Span, point: Point, part: Part, locale: Locale) -> str:
    year = point.year
    if year < 0:
        return f"{-year}{locale.term('bc')}" if part.era else str(-year)
    if part.form == "short" and year >= 1000:
        return f"{year % 100:02d}"
    return f"{year}{locale.term('ad')}" if year < 1000 else str(year)


def _month(span: Span, point: Point, part: Part, locale: Locale) -> str:
    if not point.month:
        if point.season:
            if part.form.startswith("numeric") and not span.season_name:
                return ""  # a month from 21 on has no number
            return locale.term(f"season-{point.season:02d}")
        return span.season_name
    if part.form == "numeric":
        return str(point.month)
    if part.form == "numeric-leading-zeros":
        return f"{point.month:02d}"
    return locale.term(f"month-{point.month:02d}", "short" if part.form == "short" else "long")


def _day(_: Span, point: Point, part: Part, locale: Locale) -> str:
    if not point.day:
        return ""
    if part.form == "numeric-leading-zeros":
        return f"{point.day:02d}"
    if part.form == "ordinal" and (point.day == 1 or not locale.day_ordinal_first_only):
        return f"{point.day}{locale.ordinal(point.day, locale.gender(f'month-{point.month:02d}'))}"
    return str(point.day)


def sort_key(span: Span, names: Sequence[str] = _ORDER) -> str:
    """The date as a string that sorts by time, of the parts *names* only; "" where there is none but words."""
    if span.start is None:
        return ""
    return "/".join(_sortable(point, names) for point in (span.start, span.end) if point)


def _sortable(point: Point, names: Sequence[str]) -> str:
    values = {"year": f"{point.year + 100000:06d}", "month": f"{point.month:02d}", "day": f"{point.day:02d}"}
    return "".join(values[name] for name in _ORDER if name in names)
