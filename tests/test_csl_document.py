"""Documents: positions of cites, collapsing and grouping, disambiguation, and the order of the bibliography."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from citekit import csl
from tests.csl_strategies import cites, listed, printed, style

# Positions

POSITION = (
    '<choose><if position="ibid-with-locator"><text value="ibid-with-locator"/></if>'
    '<else-if position="ibid"><text value="ibid"/></else-if>'
    '<else-if position="near-note"><text value="near"/></else-if>'
    '<else-if position="subsequent"><text value="far"/></else-if><else><text value="first"/></else></choose>'
)
ITEMS = [{"id": "a"}, {"id": "b"}]


def note(number: int, *cited: str) -> csl.Citation:
    """A note with cites written "id" or "id@locator"."""
    return csl.Citation(number, tuple(csl.CiteRequest(id_, at) for id_, _, at in (one.partition("@") for one in cited)))


POSITIONS: dict[str, tuple[list[csl.Citation], list[str]]] = {
    "the same work again": ([note(1, "a"), note(2, "a")], ["first", "ibid"]),
    "another place in it": ([note(1, "a"), note(2, "a@5")], ["first", "ibid-with-locator"]),
    "the same place": ([note(1, "a@5"), note(2, "a@5")], ["first", "ibid"]),
    "a place, then the whole": ([note(1, "a@5"), note(2, "a")], ["first", "near"]),
    "another work between": ([note(1, "a"), note(2, "b"), note(3, "a")], ["first", "first", "near"]),
    "a note with two works before": ([note(1, "a", "b"), note(2, "b")], ["first; first", "near"]),
    "a note with one work twice before": ([note(1, "a", "a@5"), note(2, "a@5")], ["first; ibid-with-locator", "near"]),
    "the same in one note": ([note(1, "a"), note(1, "b"), note(1, "b")], ["first", "first", "ibid"]),
    "in one note behind two": ([note(1, "a", "b"), note(1, "b")], ["first; first", "near"]),
    "in the same note": ([note(1, "a", "a", "b", "a")], ["first; ibid; first; near"]),
    "two citations in one note": ([note(1, "a"), note(1, "b"), note(2, "b")], ["first", "first", "near"]),
    "a note by hand between": ([note(1, "a"), note(3, "a")], ["first", "near"]),
    "many notes between": ([note(1, "a"), note(2, "b"), note(9, "a")], ["first", "first", "far"]),
    "as many as are near": ([note(1, "a"), note(2, "b"), note(6, "a")], ["first", "first", "near"]),
    "one more": ([note(1, "a"), note(2, "b"), note(7, "a")], ["first", "first", "far"]),
    "outside of notes": ([note(0, "a"), note(0, "b"), note(0, "a"), note(0, "a")], ["first", "first", "far", "ibid"]),
    "a citation without cites between": ([note(1, "a"), note(2), note(3, "a")], ["first", "", "near"]),
}


@pytest.mark.parametrize("name", POSITIONS)
def test_positions(name: str) -> None:
    citations, positions = POSITIONS[name]
    source = style(f'<layout delimiter="; ">{POSITION}</layout>')
    assert printed(source, ITEMS, *citations) == positions


def test_a_style_says_what_is_near() -> None:
    source = style(POSITION, options='near-note-distance="1"')
    assert printed(source, ITEMS, note(1, "a"), note(2, "b"), note(3, "a")) == ["first", "first", "far"]


@pytest.mark.parametrize("position", ["first", "subsequent", "ibid", "ibid-with-locator"])
def test_who_knows_better_says_the_position(position: Any) -> None:
    cite = csl.CiteRequest("a", position=position, near=position == "subsequent")
    shown = "near" if position == "subsequent" else position
    assert printed(style(POSITION), ITEMS, csl.Citation(1, (cite,))) == [shown]


def test_a_later_note_says_where_the_first_was() -> None:
    source = style('<text variable="first-reference-note-number" prefix="n. "/>')
    assert printed(source, ITEMS, note(3, "a"), note(8, "a")) == ["", "n. 3"]
    assert printed(source, ITEMS, note(3, "a"), note(3, "a")) == ["", ""]


# Author alone, and all without the author

NAMED = style(
    '<names variable="author"><name form="short"/><substitute><text variable="title"/></substitute></names>'
    '<date variable="issued" prefix=" "><date-part name="year"/></date>',
    kind="in-text",
)
DOE: dict[str, Any] = {"author": [{"family": "Doe", "given": "Jane"}], "issued": {"date-parts": [[2000]]}}


@pytest.mark.parametrize(("mode", "shown"), [("author-only", "Doe"), ("suppress-author", " 2000"), ("", "Doe 2000")])
def test_authors_alone_or_left_out(mode: str, shown: str) -> None:
    assert printed(NAMED, [DOE], cites("0", mode=mode)) == [shown]


# Collapsing


def work(family: str, year: int, **more: Any) -> dict[str, Any]:
    """A work by one author."""
    given = more.pop("given", "G")
    return {"author": [{"family": family, "given": given}], "issued": {"date-parts": [[year]]}} | more


WORKS = [work("A", 2000), work("A", 2001), work("B", 2000), work("A", 2002)]
DATED = (
    '<layout delimiter="; "><group delimiter=" "><names variable="author"><name form="short"/></names>'
    '<date variable="issued"><date-part name="year"/></date><text variable="locator" prefix=": "/></group></layout>'
)
SORTED = '<sort><key variable="author"/><key variable="issued"/></sort>'


@pytest.mark.parametrize(
    ("options", "sort", "shown"),
    [
        ("", "", "A 2000; A 2001; B 2000; A 2002"),
        ('collapse="year"', "", "A 2000, 2001; B 2000; A 2002"),
        ('collapse="year"', SORTED, "A 2000, 2001, 2002; B 2000"),
        ('collapse="year" cite-group-delimiter="/"', "", "A 2000/2001; B 2000; A 2002"),
        ('collapse="year" after-collapse-delimiter=" | "', "", "A 2000, 2001 | B 2000 | A 2002"),
        ('cite-group-delimiter=", "', "", "A 2000, A 2001; B 2000; A 2002"),
    ],
)
def test_cites_of_an_author_are_brought_together(options: str, sort: str, shown: str) -> None:
    source = style(sort + DATED, options=options, kind="in-text")
    assert printed(source, WORKS, cites("0", "1", "2", "3")) == [shown]


def test_cites_with_places_are_divided_as_groups_are() -> None:
    source = style(DATED, options='collapse="year" after-collapse-delimiter="; "', kind="in-text")
    cited = csl.Citation(0, (csl.CiteRequest("0", "5"), csl.CiteRequest("1")))
    assert printed(source, WORKS, cited) == ["A 2000 : 5; 2001"]


SAME = [work("A", 2000, title=letter) for letter in "abcde"] + [work("B", 2000)]


@pytest.mark.parametrize(
    ("options", "ids", "shown"),
    [
        ("", "0125", "A 2000a; A 2000b; A 2000c; B 2000"),
        ('collapse="year"', "0125", "A 2000a, 2000b, 2000c; B 2000"),
        ('collapse="year-suffix"', "0125", "A 2000a; b; c; B 2000"),
        ('collapse="year-suffix" year-suffix-delimiter=","', "0125", "A 2000a,b,c; B 2000"),
        ('collapse="year-suffix-ranged" year-suffix-delimiter=","', "0125", "A 2000a–c; B 2000"),
        ('collapse="year-suffix-ranged" year-suffix-delimiter=","', "01", "A 2000a,b"),
        ('collapse="year-suffix-ranged" year-suffix-delimiter=","', "01245", "A 2000a–c,e; B 2000"),
        ('collapse="year-suffix-ranged" year-suffix-delimiter=","', "0234", "A 2000a,c–e"),
    ],
)
def test_letters_behind_a_year_are_brought_together(options: str, ids: str, shown: str) -> None:
    source = style(DATED, options=f'disambiguate-add-year-suffix="true" {options}', kind="in-text")
    assert printed(source, SAME, cites(*"012345"), cites(*ids))[1] == shown


def test_a_place_or_words_keep_a_year_from_being_collapsed() -> None:
    source = style(DATED, options='disambiguate-add-year-suffix="true" collapse="year-suffix"', kind="in-text")
    located = csl.Citation(0, (csl.CiteRequest("0"), csl.CiteRequest("1", "5"), csl.CiteRequest("2")))
    said = csl.Citation(0, (csl.CiteRequest("0"), csl.CiteRequest("1", suffix=" x"), csl.CiteRequest("2")))
    assert printed(source, SAME, located) == ["A 2000a, 2000b : 5, 2000c"]
    assert printed(source, SAME, said) == ["A 2000a, 2000b x, 2000c"]


LOCATED = (
    '<layout delimiter="," prefix="[" suffix="]"><text variable="citation-number"/>'
    '<text variable="locator" prefix=": "/></layout>'
)
NUMBERS = '<layout delimiter="," prefix="[" suffix="]"><text variable="citation-number"/></layout>'


@pytest.mark.parametrize(
    ("options", "ids", "shown"),
    [
        ("", "012", "[1,2,3]"),
        ('collapse="citation-number"', "012", "[1–3]"),
        ('collapse="citation-number"', "01", "[1,2]"),
        ('collapse="citation-number"', "02", "[1,3]"),
        ('collapse="citation-number"', "01245", "[1–3,5,6]"),
        ('collapse="citation-number" after-collapse-delimiter=";"', "0124", "[1–3;5]"),
    ],
)
def test_numbers_in_a_row_become_a_range(options: str, ids: str, shown: str) -> None:
    source = style(NUMBERS, options=options, kind="in-text")
    assert printed(source, SAME, cites(*"012345"), cites(*ids))[1] == shown


def test_a_number_with_a_place_is_in_no_range() -> None:
    source = style(LOCATED, options='collapse="citation-number"', kind="in-text")
    located = csl.Citation(0, (csl.CiteRequest("0"), csl.CiteRequest("1", "5"), csl.CiteRequest("2")))
    assert printed(source, SAME, located) == ["[1,2: 5,3]"]


def test_a_number_with_words_is_in_no_range() -> None:
    source = style(NUMBERS, options='collapse="citation-number"', kind="in-text")
    said = csl.Citation(0, (csl.CiteRequest("0"), csl.CiteRequest("1", prefix="see "), csl.CiteRequest("2")))
    assert printed(source, SAME, said) == ["[1,see 2,3]"]


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({}, {}, "T; U"),
        ({"suffix": ","}, {}, "T, U"),
        ({"suffix": "."}, {}, "T. U"),
        ({}, {"prefix": ", and "}, "T, and U"),
    ],
)
def test_a_writers_own_mark_stands_for_the_delimiter(first: Any, second: Any, shown: str) -> None:
    source = style('<layout delimiter="; "><text variable="title"/></layout>')
    cited = csl.Citation(1, (csl.CiteRequest("0", **first), csl.CiteRequest("1", **second)))
    assert printed(source, [{"title": "T"}, {"title": "U"}], cited) == [shown]


# Disambiguation


def told_apart(authors: list[list[str]], options: str, condition: str = "") -> list[str]:
    """Works of the same year by authors written "Given Family", as a style with the options cites them."""
    layout = (
        '<names variable="author"><name form="short" and="symbol" initialize-with=". "/></names>'
        f'<date variable="issued" prefix=" "><date-part name="year"/></date>{condition}'
    )
    items = [
        {
            "author": [{"given": one.rpartition(" ")[0], "family": one.rpartition(" ")[2]} for one in persons],
            "issued": {"date-parts": [[2000]]},
            "title": letter,
        }
        for persons, letter in zip(authors, "TUVW", strict=False)
    ]
    return printed(style(layout, options=options, kind="in-text"), items, markup="plain")


NAMES, GIVEN, LETTER = (f'disambiguate-add-{way}="true"' for way in ("names", "givenname", "year-suffix"))
SHORT = 'et-al-min="3" et-al-use-first="1"'
RULE = 'givenname-disambiguation-rule="{}"'.format
CONDITION = '<choose><if disambiguate="true"><text variable="title" prefix=", "/></if></choose>'
SMITHS = [["Jane Smith"], ["John Smith"]]
DISAMBIGUATED: dict[str, tuple[list[list[str]], str, str, list[str]]] = {
    "not at all": (SMITHS, "", "", ["Smith 2000", "Smith 2000"]),
    "more names": (
        [["A Doe", "B Roe", "C Poe"], ["A Doe", "D Moe", "C Poe"]],
        f"{SHORT} {NAMES}",
        "",
        ["Doe, Roe, et al. 2000", "Doe, Moe, et al. 2000"],
    ),
    "more names that do not help": (
        [["A Doe", "B Roe", "C Poe"]] * 2,
        f"{SHORT} {NAMES}",
        "",
        ["Doe et al. 2000", "Doe et al. 2000"],
    ),
    "more names, then letters": (
        [["A Doe", "B Roe", "C Poe"], ["A Doe", "B Roe", "C Poe"], ["A Doe", "D Moe", "C Poe"]],
        f"{SHORT} {NAMES} {LETTER}",
        "",
        ["Doe, Roe, et al. 2000a", "Doe, Roe, et al. 2000b", "Doe, Moe, et al. 2000"],
    ),
    "initials": ([["Ann Smith"], ["Bob Smith"]], GIVEN, "", ["A. Smith 2000", "B. Smith 2000"]),
    "given names": (SMITHS, GIVEN, "", ["Jane Smith 2000", "John Smith 2000"]),
    "given names of later authors": (
        [["A Doe", "Ann Smith"], ["A Doe", "Bob Smith"]],
        GIVEN,
        "",
        ["Doe & A. Smith 2000", "Doe & B. Smith 2000"],
    ),
    "given names that are the same": ([["Jane Smith"]] * 2, GIVEN, "", ["Smith 2000"] * 2),
    "every name": (
        [["Jane Smith"], ["John Smith", "A Doe"]],
        f"{GIVEN} {RULE('all-names')}",
        "",
        ["Jane Smith 2000", "John Smith & Doe 2000"],
    ),
    "every name by initials": (
        [["Ann Smith"], ["Bob Smith", "A Doe"]],
        f"{GIVEN} {RULE('all-names-with-initials')}",
        "",
        ["A. Smith 2000", "B. Smith & Doe 2000"],
    ),
    "initials that do not help": (
        SMITHS,
        f"{GIVEN} {RULE('all-names-with-initials')}",
        "",
        ["Smith 2000", "Smith 2000"],
    ),
    "the first name only": (
        [["A Doe", "Ann Smith"], ["B Roe", "Bob Smith"]],
        f"{GIVEN} {RULE('primary-name')}",
        "",
        ["Doe & Smith 2000", "Roe & Smith 2000"],
    ),
    "the first name by initials": (
        [["Ann Smith"], ["Bob Smith"]],
        f"{GIVEN} {RULE('primary-name-with-initials')}",
        "",
        ["A. Smith 2000", "B. Smith 2000"],
    ),
    "hidden names with their given names": (
        [["A Doe", "Ann Roe", "C Poe"], ["A Doe", "Bob Roe", "C Poe"]],
        f"{SHORT} {NAMES} {GIVEN}",
        "",
        ["Doe, A. Roe, et al. 2000", "Doe, B. Roe, et al. 2000"],
    ),
    "a condition": ([["A Doe"]] * 2, "", CONDITION, ["Doe 2000, T", "Doe 2000, U"]),
    "letters": ([["A Doe"]] * 3, LETTER, "", ["Doe 2000a", "Doe 2000b", "Doe 2000c"]),
    "a condition before letters": ([["A Doe"]] * 2, LETTER, CONDITION, ["Doe 2000, T", "Doe 2000, U"]),
    "two that differ anyway": ([["A Doe"], ["B Roe"]], f"{NAMES} {GIVEN} {LETTER}", "", ["Doe 2000", "Roe 2000"]),
}


@pytest.mark.parametrize("name", DISAMBIGUATED)
def test_cites_that_read_alike_are_told_apart(name: str) -> None:
    authors, options, condition, shown = DISAMBIGUATED[name]
    assert told_apart(authors, options, condition) == shown


def test_a_style_places_the_letter_itself() -> None:
    source = style(
        '<date variable="issued"><date-part name="year"/></date><text variable="year-suffix" prefix="-"/>',
        options=LETTER,
        kind="in-text",
    )
    assert printed(source, SAME[:2]) == ["2000-a", "2000-b"]


def test_a_date_in_words_has_a_letter_too() -> None:
    source = style('<date variable="issued" form="text"/>', options=LETTER, kind="in-text")
    assert printed(source, [{"issued": {"literal": "s. a."}, "title": one} for one in "TU"]) == ["s. a.a", "s. a.b"]


# The bibliography


def test_the_bibliography_is_in_the_order_of_its_keys_or_of_the_cites() -> None:
    plain = '<bibliography>{}<layout><text variable="title"/></layout></bibliography>'
    items = [{"title": title} for title in "bac"]
    by_title = style("", listed=plain.format('<sort><key variable="title"/></sort>'))
    assert listed(by_title, items, note(1, "2")) == ["a", "b", "c"]
    assert listed(style("", listed=plain.format("")), items, note(1, "2")) == ["c", "b", "a"]


def test_a_document_without_a_bibliography_has_none() -> None:
    compiled = csl.compile_style(style("", listed="<bibliography><layout/></bibliography>"))
    item = csl.from_json({"id": "x", "title": "T"})
    assert csl.process(compiled, [item], [], bibliography=False).bibliography == ()
    assert csl.process(csl.compile_style(style("")), [item], []).bibliography == ()


def test_works_that_are_not_there_come_last_in_a_sorted_citation() -> None:
    source = style(f'{SORTED}<layout delimiter="; "><text variable="title"/></layout>')
    items = [work("B", 2000, title="T"), work("A", 2000, title="U")]
    assert printed(source, items, cites("no", "0", "1")) == ["U; T; [?no]"]
    assert printed(source, items, cites("no")) == ["[?no]"]


@pytest.mark.parametrize("searching", [True, False])
def test_the_search_for_garbage_is_as_it_was_before(searching: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "isenabled", lambda: searching)
    switched: list[str] = []
    monkeypatch.setattr(gc, "disable", lambda: switched.append("off"))
    monkeypatch.setattr(gc, "enable", lambda: switched.append("on"))
    printed(style(""), [{}])
    assert switched == (["off", "on"] if searching else ["off"])
