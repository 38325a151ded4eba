"""Dates: what is read from CSL-JSON of every kind, and how styles and languages print it."""

from __future__ import annotations

from typing import Any

import pytest

from citekit.csl import dates
from citekit.csl.dates import Point, Span
from citekit.csl.item import Date, from_json
from tests.csl_strategies import printed, style


def read(value: Any) -> Span:
    """The date in an item of CSL-JSON."""
    return dates.read(from_json({"id": "x", "type": "book", "issued": value}).get("issued"))


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ({"date-parts": [[1945, 11, 19]]}, Span(Point(1945, 11, 19))),
        ({"date-parts": [["1945", "11"]]}, Span(Point(1945, 11))),
        ({"date-parts": [[1945], [1946]]}, Span(Point(1945), Point(1946))),
        ({"date-parts": [[1945], [0]]}, Span(Point(1945), open=True)),
        ({"date-parts": [[1945, 21]]}, Span(Point(1945, season=1))),
        ({"date-parts": [[1945, 13]]}, Span(Point(1945, season=1))),
        ({"date-parts": [[1945, 99, 5]]}, Span(Point(1945))),
        ({"date-parts": [[1945, 5, 99]]}, Span(Point(1945, 5))),
        ({"date-parts": [[-44, 3, 15]]}, Span(Point(-44, 3, 15))),
        ({"date-parts": [[1945]], "season": "2"}, Span(Point(1945, season=2), season_name="2")),
        ({"date-parts": [[1945]], "season": "Fall"}, Span(Point(1945, season=3), season_name="Fall")),
        ({"date-parts": [[1945]], "season": "Advent"}, Span(Point(1945), season_name="Advent")),
        ({"date-parts": [[1945, 5]], "season": "Fall"}, Span(Point(1945, 5))),
        ({"date-parts": [[1945]], "circa": True}, Span(Point(1945), circa=True)),
        ({"date-parts": [[1945]], "circa": "0"}, Span(Point(1945))),
        ({"date-parts": [["x"]], "literal": "s. a."}, Span(words="s. a.")),
        ({"date-parts": [[]]}, Span()),
        ({"literal": "s. a."}, Span(words="s. a.")),
        ({"raw": "1945-11-19"}, Span(Point(1945, 11, 19))),
        ({"raw": "1945~"}, Span(Point(1945), circa=True)),
        ({"raw": "1945/1946-02"}, Span(Point(1945), Point(1946, 2))),
        ({"raw": "1945/.."}, Span(Point(1945), open=True)),
        ({"raw": "1945/"}, Span(Point(1945))),
        ({"raw": "-0043"}, Span(Point(-43))),
        ({"raw": "19 Nov 1945"}, Span(Point(1945, 11, 19))),
        ({"raw": "November 19, 1945"}, Span(Point(1945, 11, 19))),
        ({"raw": "Spring 1945"}, Span(Point(1945, season=1))),
        ({"raw": "Autumn 1945"}, Span(Point(1945, season=3))),
        ({"raw": "Month 1945"}, Span(words="Month 1945")),
        ({"raw": "n.d."}, Span(words="n.d.")),
        ({"raw": "1945/x"}, Span(words="1945/x")),
        ("1945-11", Span(Point(1945, 11))),
        (1945, Span(Point(1945))),
        ("undated", Span(words="undated")),
        (True, Span()),
        (None, Span()),
        ([1945], Span()),
        ({}, Span()),
    ],
)
def test_dates_are_read_in_every_form(value: Any, span: Span) -> None:
    assert read(value) == span


def test_a_date_that_is_made_by_hand_is_read_too() -> None:
    assert dates.read(Date(((1945, 5),))) == Span(Point(1945, 5))


DAY, SPAN = [[1945, 11, 9]], [[1945, 11, 9], [1945, 11, 12]]
LOCALISED = [
    ("en-US", "text", DAY, "November 9, 1945"),
    ("en-US", "numeric", DAY, "11/09/1945"),
    ("en-GB", "text", DAY, "9 November 1945"),
    ("en-GB", "numeric", DAY, "09/11/1945"),
    ("de-DE", "text", DAY, "9. November 1945"),
    ("ru-RU", "text", DAY, "9 ноябрь 1945 г."),
    ("fr-FR", "text", [[1945, 11, 1]], "1 novembre 1945"),
    ("fr-FR", "text", DAY, "9 novembre 1945"),
    ("en-US", "text", SPAN, "November 9–12, 1945"),
    ("en-GB", "text", SPAN, "9–12 November 1945"),
    ("en-US", "text", [[1945, 11, 9], [1945, 12, 1]], "November 9–December 1, 1945"),
    ("en-US", "text", [[1945, 11, 9], [1946, 1, 2]], "November 9, 1945–January 2, 1946"),
    ("en-US", "text", [[1945, 11], [1946]], "November 1945–1946"),
    ("en-US", "text", [[1945], [1946]], "1945–1946"),
    ("en-US", "text", [[1945], [1945]], "1945"),
    ("en-US", "text", [[1945], []], "1945–"),
    ("en-US", "text", [[1945, 21]], "Spring 1945"),
    ("en-US", "text", [[1945, 21], [1945, 22]], "Spring–Summer 1945"),
    ("en-US", "text", [[-44, 3, 15]], "March 15, 44 BC"),
    ("en-US", "text", [[79, 8]], "August 79 AD"),
    ("en-US", "text", [[-100], [-44]], "100–44 BC"),
    ("en-US", "text", [[-44], [79]], "44 BC–79 AD"),
    ("en-US", "numeric", [[1945, 21]], "1945"),
    ("de-DE", "numeric", [[1945, 21], [1945, 22]], "1945"),
    ("ru-RU", "text", [[1945], [0]], "1945–"),
    ("zh-CN", "text", [[1945], [0]], "1945—"),
]


@pytest.mark.parametrize(("lang", "form", "parts", "shown"), LOCALISED)
def test_dates_of_the_languages(lang: str, form: str, parts: list[list[int]], shown: str) -> None:
    source = style(f'<date variable="issued" form="{form}"/>')
    (out,) = printed(source, [{"issued": {"date-parts": parts}}], lang=lang)
    assert out.replace("\N{NO-BREAK SPACE}", " ") == shown


def part(name: str, more: str = "") -> str:
    """A part of a date."""
    return f'<date-part name="{name}" {more}/>'


@pytest.mark.parametrize(
    ("attributes", "parts", "value", "shown"),
    [
        ("", part("year"), DAY, "1945"),
        ("", part("year", 'form="short"'), DAY, "45"),
        ("", part("year"), SPAN, "1945"),
        ("", part("year", 'form="short"'), [[79]], "79 AD"),
        ("", part("month") + part("day", 'prefix=" "'), DAY, "November 9"),
        ("", part("month", 'form="short"'), DAY, "Nov."),
        ("", part("month", 'form="short" strip-periods="true"'), DAY, "Nov"),
        ("", part("month", 'form="numeric-leading-zeros"'), [[1945, 2]], "02"),
        ("", part("month", 'form="numeric"'), [[1945, 2]], "2"),
        ("", part("day", 'form="numeric-leading-zeros"'), DAY, "09"),
        ("", part("day", 'form="ordinal"'), DAY, "9th"),
        ("", part("month"), [[1945]], ""),
        ("", part("day"), [[1945, 11]], ""),
        ('delimiter="-"', part("year") + part("month", 'form="numeric"') + part("day"), SPAN, "1945-11-9–12"),
        ('delimiter="-"', part("day") + part("month", 'form="numeric"') + part("year"), SPAN, "9–12-11-1945"),
        ("", part("day", 'range-delimiter=" to "'), SPAN, "9 to 12"),
        ("", part("year") + part("month", 'prefix=", "'), [[1945, 11], [1945, 12]], "1945, November–December"),
        ("", part("month", 'suffix=" "') + part("year"), [[1945, 11], [1946]], "November 1945–1946"),
        ('form="text" date-parts="year-month"', "", DAY, "November 1945"),
        ('form="text" date-parts="year"', "", DAY, "1945"),
        ('form="text"', part("month", 'form="short" font-style="italic"'), DAY, "<i>Nov.</i> 9, 1945"),
        ('form="text" prefix="(" suffix=")" text-case="uppercase"', "", DAY, "(NOVEMBER 9, 1945)"),
    ],
)
def test_parts_of_dates(attributes: str, parts: str, value: list[list[int]], shown: str) -> None:
    source = style(f'<date variable="issued" {attributes}>{parts}</date>')
    (out,) = printed(source, [{"issued": {"date-parts": value}}])
    assert out.replace("\N{NO-BREAK SPACE}", " ") == shown


UNCERTAIN = style(
    '<choose><if is-uncertain-date="issued"><text term="circa" suffix=" "/></if></choose>'
    '<date variable="issued" form="text"/>'
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"date-parts": [[1945]], "circa": 1}, "Circa 1945"),
        ({"date-parts": [[1945]], "season": "Advent"}, "Advent 1945"),
        ({"literal": "undated", "circa": True}, "Circa undated"),
        ({"date-parts": [[1945, 5, 8], [1945, 5, 9]], "both": True}, "May 8 and 9, 1945"),
        ({"raw": "?"}, "?"),
        ({"raw": ""}, ""),
    ],
)
def test_dates_in_words_and_those_that_are_not_sure(value: dict[str, Any], shown: str) -> None:
    assert printed(UNCERTAIN, [{"issued": value}]) == [shown]


def test_a_limit_for_ordinals_is_the_first_day_of_the_month() -> None:
    limit = '<locale><style-options limit-day-ordinals-to-day-1="true"/></locale>'
    source = style(f'<date variable="issued">{part("day", """form="ordinal" """)}</date>', before=limit)
    items = [{"issued": {"date-parts": [[1945, 11, day]]}} for day in (1, 2)]
    assert printed(source, items) == ["1st", "2"]
