"""Dates as records hold them: levels 0 and 1 of EDTF by hand, level 2 as far as the `edtf` library reads it; and dates
as people write them, in English, Russian and Ukrainian.

A `Date` keeps its EDTF text and says what can be known: where it starts and ends, whether it is approximate or
uncertain. Nothing is converted between calendars unless `gregorian` is asked for. How a citation prints a date is the
style's business; `in_words` is for what no style can say, a day in both calendars.

Source: Extended Date/Time Format specification, Library of Congress, 2019, levels 0 and 1 (ISO 8601-2:2019, annex A).

>>> parse("1945-11-19").start
Point(year=1945, month=11, day=19, season=0)
>>> parse("1946~").circa
True
>>> read_words("5–7 июня 1950 г.").edtf, in_words(parse("1917-10-25", "julian"))
('1950-06-05/1950-06-07', '25 October/7 November 1917')
"""

from __future__ import annotations

import calendar as _calendar
import contextlib
import datetime
import io
import re
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from citekit.errors import ParseError
from citekit.patterns import pattern
from citekit.scan import Scanner
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
        """A key that sorts by beginning, a year before its months; a date without a beginning sorts by its end.

        An Old Style day stands where it was: 25 October 1917 after 1 November of everybody else.
        """
        point = self.start or self.end or Point(9999)
        point = _moved(point) if self.calendar == "julian" else point
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
        start, slash, end = date.edtf.partition("/")
        if not slash:  # one of a set, "[1949..1946]"
            raise ParseError(f'date "{date.edtf}" runs backwards', date.edtf, (0, len(date.edtf)))
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


# The two calendars


def gregorian(date: Date) -> Date:
    """The date in the calendar of today. Only days are converted: an Old Style month or year stays as it is written.

    Source: the day numbers of E. G. Richards, Calendars, in Explanatory Supplement to the Astronomical Almanac, 3rd ed.
    (University Science Books, 2013), section 15.11; 29 days of February in every fourth Julian year.

    >>> gregorian(parse("1917-10-25", "julian")).edtf
    '1917-11-07'
    """
    if date.calendar == "gregorian":
        return date
    start, end = (point and _moved(point) for point in (date.start, date.end))
    text = _PLAIN.sub(lambda day: _iso(_moved(Point(*map(int, day.groups("0"))))), date.edtf)
    return replace(date, edtf=text, start=start, end=end, calendar="gregorian")


def _moved(point: Point) -> Point:
    """The Gregorian day of a Julian one; what is no day stays."""
    return _gregorian_day(_julian_number(point)) if point.day else point


def _julian_number(point: Point) -> int:
    """The Julian day number, counted from 1 January 4713 BC: years begin in March, so that the leap day comes last."""
    before_march = (14 - point.month) // 12
    year, month = point.year + 4800 - before_march, point.month + 12 * before_march - 3
    return point.day + (153 * month + 2) // 5 + 365 * year + year // 4 - 32083


def _gregorian_day(number: int) -> Point:
    centuries = (4 * (number + 32044) + 3) // 146097
    rest = number + 32044 - 146097 * centuries // 4
    years = (4 * rest + 3) // 1461
    rest -= 1461 * years // 4
    months = (5 * rest + 2) // 153
    day = rest - (153 * months + 2) // 5 + 1
    return Point(100 * centuries + years - 4800 + months // 10, months + 3 - 12 * (months // 10), day)


def _iso(point: Point) -> str:
    year = f"{point.year:05d}" if point.year < 0 else f"{point.year:04d}"
    return "-".join([year, *(f"{part:02d}" for part in (point.season or point.month, point.day) if part)])


# Dates in words

Language: TypeAlias = Literal["en", "ru", "uk"]

# Months as they are printed alone and, behind the slash, after a day
_MONTHS: Mapping[Language, str] = MappingProxyType(
    {
        "en": "January February March April May June July August September October November December",
        "ru": "январь/января февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля август/августа "
        "сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря",
        "uk": "січень/січня лютий/лютого березень/березня квітень/квітня травень/травня червень/червня липень/липня "
        "серпень/серпня вересень/вересня жовтень/жовтня листопад/листопада грудень/грудня",
    }
)
_SEASONS: Mapping[Language, str] = MappingProxyType(
    {
        "en": "spring summer autumn/fall winter",
        "ru": "весна/весной лето/летом осень/осенью зима/зимой",
        "uk": "весна/весни літо/літа осінь/осені зима/зими",
    }
)
# Russian months behind a day in Latin letters, by ALA-LC and by BGN/PCGN; never cut, for "iiu" may be two
_ROMANIZED = (
    "ianvaria/yanvarya fevralia/fevralya marta aprelia/aprelya maia/maya iiunia/iyunya iiulia/iyulya avgusta "
    "sentiabria/sentyabrya oktiabria/oktyabrya noiabria/noyabrya dekabria/dekabrya"
)
_SAID: Mapping[str, str] = MappingProxyType(
    {
        "circa": "ca c circa about around approximately approx ок около прибл приблизительно бл близько",
        "unsure": "probably possibly perhaps вероятно возможно предположительно",
        "vague": "early mid late начало середина конец",
        "to": "to through till until по до",
        "from": "from с з",
        "after": "after since после після",
        "before": "before by",
        "between": "between между між",
        "and": "and и та",
        "skip": "of the in on dated year г гг год года году годы от в р рр рік року роки "
        "monday tuesday wednesday thursday friday saturday sunday",
    }
)
_UNDATED = pattern(
    r"\[?\s*(?:n\.\s?d\b\.?|no date\b|undated\b|s\.\s?d\b\.?|б\.\s?д\b\.?|б/д\b|без даты\b|без дати\b)\s*\]?", re.I
)
_OLD = r"o\.\s?s\b\.?|old\sstyle\b|(?:по\s)?ст\.\s?ст\b\.?|старого\sстиля\b"
_NEW = r"n\.\s?s\b\.?|new\sstyle\b|(?:по\s)?н\.\s?ст\b\.?|нового\sстиля\b"
_TOKEN = pattern(
    rf"""\s*(?:
        (?P<julian> \(?(?:{_OLD})\)? ) | (?P<gregorian> \(?(?:{_NEW})\)? )
      | (?P<after> (?:not\sbefore|no\searlier\sthan|не\sранее|не\sраніше)\b )
      | (?P<before> (?:not\safter|no(?:t)?\slater\sthan|не\sпозднее|не\sпізніше)\b )
      | (?P<iso> [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9]) )
      | (?P<numeric> [0-9]{{1,2}}(?P<sign>[./-])\s?(?:[0-9]{{1,2}}|[ivx]{{1,4}})(?P=sign)\s?[0-9]{{4}}(?![0-9]) )
      | (?P<decade> [0-9]{{3}}0(?:['’]?s|-?[ех])\b )
      | (?P<year> [0-9]{{4}}(?![0-9]) )
      | (?P<number> ["“„«]? [0-9]{{1,2}} (?:st|nd|rd|th|-?го)? (?![0-9\w]) ["”“»]? )
      | (?P<blank> ["“„«] [\s_]{{0,20}} ["”“»] | _{{1,20}} )
      | (?P<unsure> \(\?\) | \? )
      | (?P<dash> [-\u2010-\u2015\u2212] ) | (?P<slash> / ) | (?P<pair> \( ) | (?P<close> \) )
      | (?P<skip> , | (?-i:gg?\.) )
      | (?P<word> [^\W\d_]{{1,30}}(?![^\W\d_]) \.? )
    )""",
    re.I | re.X,
)
_BRACKET = pattern(r"\s*\[([^\[\]]{1,200})\]")
_TWO_YEARS = pattern("[0-9]{4}-2[1-4]")  # spring to winter in EDTF, but "1917-21" is five years to those who write it
MOST = 24  # words and signs of a date; the longest range in two calendars has fewer
_WORDS_HINT = "write 19 November 1945, Nov. 1945, ca. 1946, 1955?, 5-7 June 1950 or n.d."


class _Token(NamedTuple):
    kind: str
    value: str
    end: int


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    """What each word says: ("month", "11"), ("season", "24"), ("circa", ""). Months may be cut to three letters."""
    words = {word: (kind, "") for kind, said in _SAID.items() for word in said.split()}
    for kind, names, first, shortest in (("month", _MONTHS, 1, 3), ("season", _SEASONS, 21, 4)):
        for language in names.values():
            for number, forms in enumerate(language.casefold().split(), first):
                for form in forms.split("/"):
                    least = len(form) if kind == "season" else shortest
                    words |= {form[:length]: (kind, str(number)) for length in range(least, len(form) + 1)}
    for number, forms in enumerate(_ROMANIZED.split(), 1):
        words |= dict.fromkeys(forms.split("/"), ("month", str(number)))
    return words


def read_words(text: str) -> Date:
    """Reads a date as people write it in English, Russian or Ukrainian, or in EDTF.

    words = half ((dash | "to" | "/") half)?;  half = what is known of day, month, season, year or decade, in any order

    A range says what its halves share once ("5–7 June 1950", "June 5-7, 1950", "1950–51"), and so do two dates with
    "and" between them, which are EDTF's {one,other}; "between … and" is a range. Two days that are one in the
    two calendars ("25 October/7 November 1917", "25 октября (7 ноября) 1917 г.") are the Julian day, with its calendar.
    "n.d." and "б. д." are a date without beginning, end and text. Square brackets are taken away. Of figures alone the
    day comes first where stops stand (19.11.1945, GOST R 7.0.97-2016, 5.10); 5/6/1950 says too little and is refused.
    Raises ParseError for what is no date.

    >>> read_words("[ca. 1772]").edtf, read_words("November 19, 1945").edtf, read_words("б. д.").edtf
    ('1772~', '1945-11-19', '')
    """
    return read_noted(text)[0]


def read_noted(text: str) -> tuple[Date, str]:
    """The date and what stood in square brackets beside it, or as "early" and "late", for `date_note`.

    >>> date, note = read_noted("[day left blank in quotes] February 1946")
    >>> date.edtf, note
    ('1946-02', '[day left blank in quotes]')
    """
    text = text.strip()
    if _is_edtf(text) and not _TWO_YEARS.fullmatch(text):
        return parse(text), ""
    date, note, end = read_at(text) or (None, "", 0)
    if date and not text[end:].strip(" .,"):
        return date, note
    if _is_edtf(text):
        return parse(text), ""
    raise ParseError("not part of a date", text, (end, len(text)), hint=_WORDS_HINT) if date else _unreadable(text)


def _unreadable(text: str) -> ParseError:
    """Why *text* is no date: a day that does not exist, else that it cannot be read."""
    message = f'date "{text[:LONGEST]}" cannot be read'
    try:
        _assembled(list(_tokens(text, 0)))
    except ParseError as error:
        message = error.message
    return ParseError(message, text, (0, max(1, len(text))), hint=_WORDS_HINT)


def table_of(date: Date, note: str = "") -> dict[str, object]:
    """What a record writes for a date: `date`, as a day of TOML where it is one, `calendar` and `date_note`.

    An undated document has no `date`.
    """
    value = toml_value(date.edtf) if date.calendar == "gregorian" else date.edtf
    fields = {"date": value, "calendar": "julian" if date.calendar == "julian" else "", "date_note": note}
    return {name: value for name, value in fields.items() if value}


def toml_value(text: str) -> datetime.date | str | None:
    """What a record's file has for a date: a day of TOML, or other EDTF as it stands; None for what is no EDTF.

    >>> toml_value("1945-11-19"), toml_value("1946~"), toml_value("soon")
    (datetime.date(1945, 11, 19), '1946~', None)
    """
    try:
        if _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:  # 30 February; the year 0
        pass
    try:
        return text if text and parse(text) else None
    except ParseError:
        return None


_DAY = pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_edtf(text: str) -> bool:
    """Whether *text* is EDTF of level 0 or 1."""
    ends = text[: LONGEST + 1].split("/")
    dates = [_DATE.fullmatch(end) is not None for end in ends]
    return len(ends) < 3 and any(dates) and all(one or end in _OPEN for one, end in zip(dates, ends, strict=True))


def read_at(text: str, position: int = 0) -> tuple[Date, str, int] | None:
    """The longest date in words that stands at *position*, its note, and where it ends; None where there is none.

    A date has a year, or says that there is none.
    """
    tokens = list(_tokens(text, position))
    least = next((count for count, token in enumerate(tokens, 1) if token.kind in _YEARS), len(tokens) + 1)
    date = None
    for count in range(len(tokens), least - 1, -1):
        if tokens[count - 1].kind in _UNFINISHED:
            continue
        with contextlib.suppress(ParseError):
            date = _assembled(tokens[:count])
        if date:
            note = "; ".join(token.value for token in tokens[:count] if token.kind in ("note", "vague"))
            return date, note, _closed(text, tokens, count)
    undated = _UNDATED.match(text, position)
    return (Date("", None, None), "", undated.end()) if undated else None


_YEARS = ("year", "decade", "iso", "numeric")
_UNFINISHED = ("to", "dash", "slash", "pair", "and", "between", "circa", "from", "skip", "close", "vague")


def _closed(text: str, tokens: list[_Token], count: int) -> int:
    """The end of a date: behind its bracket and its "г."."""
    while count < len(tokens) and tokens[count].kind in ("close", "skip") and tokens[count].value != ",":
        count += 1
    end = tokens[count - 1].end
    return end + 1 if text.startswith("]", end) else end


def _tokens(text: str, position: int) -> Iterator[_Token]:
    """The words and signs of a date, MOST at most. Square brackets go if all in them is date, else they are a note."""
    scanner = Scanner(text)
    scanner.position = position
    for _ in range(MOST):
        if bracket := scanner.match(_BRACKET):
            inner = list(_tokens(bracket[1].strip(), 0))
            if inner and inner[-1].end == len(bracket[1].strip()):
                yield from (token._replace(end=bracket.end()) for token in inner)
            else:
                yield _Token("note", bracket[0].strip(), bracket.end())
        elif token := _token(scanner):
            yield token
        else:
            return


def _token(scanner: Scanner) -> _Token | None:
    found = scanner.match(_TOKEN)
    if not found:
        return None
    kind, value = str(found.lastgroup), found[0].strip()
    if kind == "word":
        known = _words().get(value.casefold().rstrip("."))
        if known is None:
            return None
        kind, value = known[0], known[1] or value
    return _Token(kind, value, found.end())


class _Half:
    """What one side of a range says; 0 and "" for what it does not say."""

    def __init__(self) -> None:
        self.year, self.month, self.season, self.number = "", 0, 0, ""
        self.marks: set[str] = set()

    def says(self) -> bool:
        """Whether anything of a date was met."""
        return bool(self.year or self.month or self.season or self.number)

    def add(self, kind: str, value: str) -> bool:
        """Takes in a part of the date; False where the half has it already, or where the figures say too little."""
        parts = _of_iso(value) if kind == "iso" else _of_figures(value) if kind == "numeric" else _of_part(kind, value)
        if not parts or any(getattr(self, name) for name in parts):
            return False
        for name, part in parts.items():
            setattr(self, name, part)
        return True

    def is_year(self) -> bool:
        """Whether a year is all that is said, perhaps by its last figures."""
        return bool(self.year) != bool(self.number) and not (self.month or self.season)

    def is_whole(self) -> bool:
        """Whether the parts make a year, a month, a season or a day."""
        return bool(self.year) and not (self.number and not self.month) and not (self.season and self.month)

    def point(self) -> Point | None:
        """The day that is said, if it is one."""
        return Point(int(self.year), self.month, int(self.number)) if self.number and self.year.isdigit() else None

    def edtf(self) -> str:
        """The half in EDTF."""
        parts = (self.year, self.season or self.month, int(self.number or 0))
        mark = "%" if len(self.marks) == 2 else "~" if "circa" in self.marks else "?" * len(self.marks)
        return "-".join(str(part).zfill(2) for part in parts if part) + mark


def _of_part(kind: str, value: str) -> dict[str, object]:
    if kind == "number":
        return {kind: re.sub("[^0-9]", "", value)}
    if kind == "decade":
        return {"year": value[:3] + "X"}
    return {kind: value if kind == "year" else int(value)}


def _of_iso(value: str) -> dict[str, object]:
    year, month, day = value.split("-")
    return {"year": year, "month": int(month), "number": day}


_ROMAN = tuple("i ii iii iv v vi vii viii ix x xi xii".split())


def _of_figures(value: str) -> dict[str, object]:
    """The parts of "19.11.1945", "19-XI-1945" and "11/19/1945"; none where day and month may be either."""
    first, second, year = (part.strip() for part in re.split("[./-]", value))
    if second.casefold() in _ROMAN:
        return {"year": year, "month": _ROMAN.index(second.casefold()) + 1, "number": first}
    if not second.isdigit():
        return {}
    day, month = int(first), int(second)
    if "." not in value and day <= 12:
        if month <= 12 and day != month:
            return {}
        day, month = month, day
    return {"year": year, "month": month, "number": str(day)}


_JOINTS = ("to", "dash", "slash", "pair", "and")
_SILENT = ("skip", "close", "blank", "note", "vague")
WINTER = 24  # of EDTF's seasons
_ENDS = ("after", "before", "from", "between")


class _Said:
    """What the words of a date say, taken in one after the other."""

    def __init__(self) -> None:
        self.halves = [_Half()]
        self.both: set[str] = set()  # "ca. 1945–1947" is about both years
        self.joint = self.end = ""
        self.calendar: Calendar = "gregorian"

    def take(self, kind: str, value: str) -> bool:
        """Takes in one word; False where it cannot stand in a date that said what this one did."""
        half = self.halves[-1]
        if kind in ("circa", "unsure"):
            (half.marks if half.says() or self.joint else self.both).add(kind)
        elif kind in ("julian", "gregorian"):
            self.calendar = "julian" if kind == "julian" else "gregorian"
        elif kind in _ENDS or (kind == "to" and not half.says()):
            self.end = "before" if kind == "to" else kind
        elif kind in _JOINTS:
            return self._next(kind)
        elif kind not in _SILENT:
            return half.add(kind, value)
        return True

    def _next(self, kind: str) -> bool:
        if self.joint or not self.halves[0].says():
            return kind == "pair"  # a round bracket about the whole
        self.joint = kind
        self.halves.append(_Half())
        return True

    def date(self) -> Date | None:
        """The date that was said; None where the words make none. Raises ParseError for a day that does not exist."""
        left, right = self.halves[0], self.halves[-1]
        if left is not right:
            if left.season == WINTER and left.year and right.is_year():  # winter 1945–46 begins in 1945
                right = left
            elif self._lists_less(left, right) or not _share(left, right):
                return None
        for half in (left, right):
            half.marks |= self.both
        if not (left.is_whole() and right.is_whole()):
            return None
        return self._single(left) if left is right else self._range(left, right)

    def _lists_less(self, left: _Half, right: _Half) -> bool:
        """Whether the second of two is no date: "May 1945 and 12 others"."""
        return self.joint == "and" and not self.end and bool(right.number) and not left.number

    def _single(self, half: _Half) -> Date | None:
        if self.end == "between":
            return None
        text = {"": "{}", "before": "../{}"}.get(self.end, "{}/..").format(half.edtf())
        return parse(text, self.calendar)

    def _range(self, left: _Half, right: _Half) -> Date | None:
        if self.joint in ("slash", "pair") and (old := _one_day(left, right)):
            return old
        if self.joint == "pair" or self.end not in ("", "from", "between"):
            return None
        if self.joint == "and" and self.end != "between":  # these two and none between
            exact = [(bool(half.month), bool(half.number)) for half in (left, right)]
            same = not self.end and exact[0] == exact[1] and not (left.season or right.season)
            return parse(f"{{{left.edtf()},{right.edtf()}}}", self.calendar) if same else None
        return parse(f"{left.edtf()}/{right.edtf()}", self.calendar)


def _share(left: _Half, right: _Half) -> bool:
    """Gives each half what only the other one says; False where the second one says nothing."""
    if right.is_year() and right.number and left.year.isdigit() and not left.number:  # 1950–51
        right.year, right.number = left.year[: -len(right.number)] + right.number, ""
    if right.year.endswith("X") and left.year.endswith("0") and not left.month:  # 1920-1930-е
        left.year = left.year[:3] + "X"
    says = right.says()
    left.year, right.year = left.year or right.year, right.year or left.year
    for half, other in ((left, right), (right, left)):
        half.month = other.month if half.number and not half.month else half.month
    return says


def _one_day(left: _Half, right: _Half) -> Date | None:
    """The Old Style day, where the two halves are one day in the two calendars."""
    for old, new in ((left, right), (right, left)):
        point = old.point()
        if point and _moved(point) == new.point():
            return parse(old.edtf(), "julian")
    return None


def _assembled(tokens: list[_Token]) -> Date | None:
    """The date that the words say, or None where they say none. Raises ParseError for one that does not exist."""
    said = _Said()
    return said.date() if all(said.take(kind, value) for kind, value, _ in tokens) else None


# A date put into words

_LAST_WORD: Mapping[Language, tuple[str, str]] = MappingProxyType(
    {"en": ("", ""), "ru": (" г.", " гг."), "uk": (" р.", " рр.")}
)
_PHRASES: Mapping[Language, tuple[str, str, str, str]] = MappingProxyType(
    {
        "en": ("ca. ", "after ", "before ", " (O.S.)"),
        "ru": ("ок. ", "после ", "до ", " (ст. ст.)"),
        "uk": ("бл. ", "після ", "до ", " (ст. ст.)"),
    }
)


def in_words(date: Date, language: Language = "en") -> str:
    """The date as people write it, a Julian day with the Gregorian one behind a slash; in EDTF what has no words.

    `read_words` reads it back as it was, but for a day, a month or an end that is said to be unknown: words say nothing
    of it.

    >>> in_words(parse("1949-07-XX")), in_words(parse("{1959-09-28,1959-09-30}"))
    ('July 1949', '28 and 30 September 1959')
    >>> in_words(parse("1950-06-05/1950-07")), in_words(parse("1917-10-25", "julian"), "ru")
    ('5 June 1950 – July 1950', '25 октября/7 ноября 1917 г.')
    """
    said = _known(date)
    text = _both_styles(said, language) or _set_in_words(said, language) or _ends_in_words(said, language)
    try:
        return text if read_noted(text) == (said, "") else date.edtf
    except ParseError:
        return date.edtf


def _known(date: Date) -> Date:
    """The date without the parts that it says are not known: "1949-07-XX" is July 1949, "/1945" is before 1945."""
    if not re.search("-XX|^/|/$", date.edtf):
        return date
    ends = [re.sub("(-XX)+", "", end) if _DATE.fullmatch(end) else end or ".." for end in date.edtf.split("/")]
    return parse("/".join(ends), date.calendar)


def is_pair(date: Date) -> bool:
    """Whether two dates are meant and none between them: EDTF's "{1959-09-28,1959-09-30}"."""
    return bool(_PAIR.fullmatch(date.edtf))


_PAIR = pattern(r"\{([^{},.]+),([^{},.]+)\}")
_AND: Mapping[Language, str] = MappingProxyType({"en": "and", "ru": "и", "uk": "та"})


def _set_in_words(date: Date, language: Language) -> str:
    """Two dates, what they share said once; nothing for any other date."""
    pair = _PAIR.fullmatch(date.edtf)
    if not pair or date.calendar == "julian":
        return ""
    first, last = (_end_in_words(text, date.calendar, language).split() for text in pair.groups())
    shared = next((n for n, (a, b) in enumerate(zip(first[::-1], last[::-1], strict=False)) if a != b), 0)
    return " ".join([*first[: len(first) - shared], _AND[language], *last])


def _both_styles(date: Date, language: Language) -> str:
    """The Julian day and the Gregorian one, the year once where it is one; nothing for any other date."""
    if date.calendar != "julian" or date.is_range() or not (date.start and date.start.day):
        return ""
    old, new = date.start, _moved(date.start)
    first = _point_in_words(old, language)
    if old.year == new.year:
        first = first[: first.rindex(" ")]
    return _marked(f"{first}/{_point_in_words(new, language)}{_LAST_WORD[language][0]}", date, language)


def _ends_in_words(date: Date, language: Language) -> str:
    _, after, before, old = _PHRASES[language]
    said = date.edtf.split("/")
    ends = [_end_in_words(end, date.calendar, language, declined=".." in said) for end in said]
    if all(ends):
        return " – ".join(ends) + (old if date.calendar == "julian" else "")
    text = after + ends[0] if ends[0] else before + ends[-1]
    return text + (old if date.calendar == "julian" else "")


def _end_in_words(text: str, calendar: Calendar, language: Language, *, declined: bool = False) -> str:
    """One end of a date in words, *declined* behind "after"; nothing for an open end and for what is of level 2."""
    if not _DATE.fullmatch(text):
        return ""
    date = parse(text, calendar)
    one, several = _LAST_WORD[language]
    if date.unspecified:
        words = f"{text[:3]}0{'s' if language == 'en' else '-е'}{several}"
    else:
        words = _point_in_words(date.start or Point(0), language, declined=declined) + one
    return _marked(words, date, language)


def _marked(words: str, date: Date, language: Language) -> str:
    return _PHRASES[language][0] * date.circa + words + "?" * date.uncertain


def _point_in_words(point: Point, language: Language, *, declined: bool = False) -> str:
    """Day, month and year; the month as it is printed after a day, where there is one, or where it is *declined*."""
    case = -1 if point.day or declined else 0
    month = _MONTHS[language].split()[point.month - 1].split("/")[case] if point.month else ""
    season = _SEASONS[language].split()[point.season - 21].split("/")[0] if point.season else ""
    return " ".join(part for part in (str(point.day or ""), month or season, f"{point.year:04d}") if part)
