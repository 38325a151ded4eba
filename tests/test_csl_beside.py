"""Small cases found by printing styles of our own, one for each rarely used option, beside citeproc-js 1.4.63."""

from __future__ import annotations

from typing import Any

import pytest

from citekit import csl
from citekit.csl import Citation, CiteRequest, Result
from tests.test_csl_differences import ROE, TITLE, cited, style

NUMBERED = '<text variable="citation-number"/><text variable="title" prefix=" "/>'


def processed(source: str, items: list[dict[str, Any]], *clusters: str) -> Result:
    """A document that cites the items of each cluster, named by letters, together."""
    known = [csl.from_json({"type": "book"} | item) for item in items]
    citations = [Citation(0, tuple(CiteRequest(id_) for id_ in cluster)) for cluster in clusters]
    return csl.process(csl.compile_style(source), known, citations)


def listed(key: str) -> str:
    """A numbered bibliography, and a macro of its numbers."""
    return (
        f'<bibliography><sort><key {key}/></sort><layout><text variable="citation-number" suffix=". "/>{TITLE}'
        "</layout></bibliography>"
    )


@pytest.mark.parametrize("key", ['variable="citation-number"', 'macro="number"'])
def test_where_the_last_number_goes_first_entries_count_down(key: str) -> None:
    macros = '<macro name="number"><number variable="citation-number"/></macro>'
    source = style(NUMBERED, macros=macros, bibliography=listed(f'{key} sort="descending"'), around='delimiter="; "')
    done = processed(source, [{"id": one, "title": one.upper()} for one in "abc"], "b", "ac")
    assert [note.plain() for note in done.notes] == ["1 B", "2 A; 3 C"]
    assert [entry.plain() for _, entry in done.bibliography] == ["3. C", "2. A", "1. B"]


def test_who_edits_and_translates_is_said_once_where_no_others_are_asked_for() -> None:
    """Source: CSL 1.0.2, "Names": the selection consists of the two."""
    layout = '<names variable="{}" delimiter="; "><label form="verb" suffix=" "/><name/></names>'
    items = [{"editor": [ROE], "translator": [ROE]}]
    assert cited(style(layout.format("translator editor")), items) == "edited & translated by Rick Roe"
    three = "edited by Rick Roe; translated by Rick Roe"
    assert cited(style(layout.format("author editor translator")), items) == three


@pytest.mark.parametrize(
    ("given", "initials", "kept"),
    [
        ("Guo-ping", "G.", "Guo-ping"),
        ("Mary (Molly)", "M. (Molly)", "Mary (Molly)"),
        ("M. d. C.", "M. d. C.", "M. d. C."),
        ("d’Arcy", "d’Arcy", "d’Arcy"),
        ("ʿAlī", "ʿAlī", "ʿAlī"),
        ("Jan J.,", "J. J.", "Jan J."),
    ],
)
def test_what_is_no_initial_stays_whole_among_initials(given: str, initials: str, kept: str) -> None:
    layout = '<names variable="author"><name initialize-with=". " {}/></names>'
    items = [{"author": [{"family": "Doe", "given": given}]}]
    assert cited(style(layout.format("")), items) == f"{initials} Doe"
    assert cited(style(layout.format('initialize="false"')), items) == f"{kept} Doe"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ({"family": "'t Hooft", "given": "Gerard"}, "Hooft, Gerard ’t"),
        ({"family": "in 't Veld", "given": "Roel"}, "Veld, Roel in ’t"),
        ({"family": "Hooft", "given": "Gerard 't"}, "Hooft, Gerard ’t"),
    ],
)
def test_a_particle_may_begin_with_an_apostrophe(name: dict[str, str], printed: str) -> None:
    layout = '<names variable="author"><name name-as-sort-order="all"/></names>'
    assert cited(style(layout), [{"author": [name]}]) == printed


def test_affixes_of_a_family_name_are_not_for_bodies() -> None:
    layout = '<names variable="author"><name><name-part name="family" prefix="[" suffix="]"/></name></names>'
    assert cited(style(layout), [{"author": [ROE, {"literal": "ACME"}]}]) == "Rick [Roe], ACME"


@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_words_for_a_date_are_no_date_to_sort_by(direction: str) -> None:
    sort = f'<sort><key variable="issued" sort="{direction}"/></sort>'
    dates = {"literal": "1066 or so"}, {"date-parts": [[1999]]}, {"date-parts": [[-44]]}
    found = cited(
        style(TITLE, sort=sort, around='delimiter=" "'),
        [{"title": title, "issued": date} for title, date in zip("WNC", dates, strict=True)],
    )
    assert found == ("C N W" if direction == "ascending" else "N C W")


DATED = (
    '<group delimiter=" "><names variable="author"><name form="short"/></names>'
    '<date variable="issued"><date-part name="year"/></date></group>'
)


def by(author: dict[str, str], year: int | None, title: str = "") -> dict[str, Any]:
    """A book."""
    return {"author": [author], "title": title} | ({"issued": {"date-parts": [[year]]}} if year else {})


def test_cites_without_their_names_belong_to_the_others_of_their_author() -> None:
    source = style(DATED, citation='collapse="year"', around='delimiter="; "')
    items = [by(ROE, 1999), by(ROE, 2001)]
    assert cited(source, items, CiteRequest("0", mode="suppress-author"), CiteRequest("1")) == "1999, 2001"


def test_no_letter_stands_for_a_year_that_is_not_there() -> None:
    source = style(
        DATED, citation='collapse="year-suffix" disambiguate-add-year-suffix="true"', around='delimiter="; "'
    )
    assert cited(source, [by(ROE, None, "A"), by(ROE, None, "B")]) == "Roe"


@pytest.mark.parametrize(
    ("prefixes", "printed"),
    [(["see ", "", ""], "see 1–3"), (["", "cf. ", ""], "1,cf. 2,3"), (["", "", "and "], "1,2,and 3")],
)
def test_words_before_a_number_begin_a_range(prefixes: list[str], printed: str) -> None:
    source = style('<text variable="citation-number"/>', citation='collapse="citation-number"', around='delimiter=","')
    cites = (CiteRequest(str(number), prefix=prefix) for number, prefix in enumerate(prefixes))
    assert cited(source, [{}, {}, {}], *cites) == printed


SMITHS = [{"family": "Smith", "given": given} for given in ("John", "Jane", "Adam")]


def test_initials_are_shown_where_they_tell_from_some() -> None:
    names = '<names variable="author"><name form="short" initialize-with="."/></names>'
    options = 'disambiguate-add-givenname="true" givenname-disambiguation-rule="all-names-with-initials"'
    source = style(names, citation=options, around='delimiter="; "')
    assert cited(source, [by(one, 1999) for one in SMITHS]) == "J. Smith; J. Smith; A. Smith"
    assert cited(source, [by(one, 1999) for one in SMITHS[:2]]) == "Smith; Smith"


def test_given_names_that_tell_cites_apart_stand_in_the_bibliography_too() -> None:
    """With the persons that they belong to, whatever stands before them there."""
    entry = (
        '<names variable="editor" suffix=": "><name form="short"/></names><names variable="author"><name {}/></names>'
    )
    listed = f"<bibliography><layout>{entry}</layout></bibliography>"
    options = 'disambiguate-add-givenname="true"'
    items = [by(SMITHS[0], 1999) | {"id": "a", "editor": [ROE]}, by(SMITHS[1], 1999) | {"id": "b"}]
    for form, printed in [
        ('initialize-with="."', ["Roe: John Smith", "Jane Smith"]),
        ('form="short"', ["Roe: John Smith", "Jane Smith"]),
    ]:
        source = style(DATED, citation=options, bibliography=listed.format(form))
        assert [entry.plain() for _, entry in processed(source, items, "a", "b").bibliography] == printed


@pytest.mark.parametrize(
    ("case", "title", "printed"),
    [
        ("title", "the letter C And beyond: from A–Z to B/C", "The Letter C and beyond: From A–Z to B/C"),
        ("title", "o'neill and d'Arcy", "O’neill and d’Arcy"),
        ("title", "Title Of The Book", "Title of the Book"),
        ("capitalize-first", "l'Été à Paris", "L’Été à Paris"),
        ("capitalize-first", "...and justice", "...And justice"),
        ("capitalize-first", "<sc>small</sc> letters", "small letters"),
        ("capitalize-all", "self-help for e-mail — well", "Self-Help For E-Mail — Well"),
        ("capitalize-all", "vitamin c and β-carotene", "Vitamin C And β-Carotene"),
        ("uppercase", "the <sc>small</sc> 5<sup>th</sup> <i>inning</i>", "THE small 5th INNING"),
        ("lowercase", "The <sc>NATO</sc> Of <b>B</b>", "the NATO of b"),
    ],
)
def test_cases_of_letters(case: str, title: str, printed: str) -> None:
    assert cited(style(f'<text variable="title" text-case="{case}"/>'), [{"title": title}]) == printed


def test_a_comma_goes_into_the_quotation_marks_and_not_into_the_italics_within() -> None:
    layout = '<text variable="title" quotes="true" suffix=","/>'
    assert cited(style(layout), [{"title": "On <i>E. coli</i>"}], markup="html") == "“On <i>E. coli</i>,”"


def test_pages_of_four_figures_of_which_three_change_are_said_whole() -> None:
    """The Chicago Manual of Style, 15th edition."""
    source = style('<text variable="page"/>', root='page-range-format="chicago"')
    assert cited(source, [{"page": "2001-2100"}, {"page": "2001-2003"}]) == "2001–21002001–3"


def test_two_hyphens_between_pages_are_a_range() -> None:
    layout = '<label variable="page" form="short"/><text variable="page" prefix=" "/>'
    assert cited(style(layout), [{"page": "12--14"}]) == "pp. 12–14"


@pytest.mark.parametrize(
    ("prefix", "suffix", "printed"),
    [
        ("See, e.g.,", "", "(See, e.g., T; T)"),
        ("He said so.", "", "(He said so. T; T)"),
        ("", "'s", "(T’s; T)"),
        ("", "?", "(T?; T)"),
        ("", ".", "(T. T)"),
        ("", "(emph. added)", "(T [emph. added]; T)"),
        ("(", ")", "([T]; T)"),
        ("a)", "", "(a) T; T)"),
    ],
)
def test_words_of_the_writer_round_a_cite(prefix: str, suffix: str, printed: str) -> None:
    source = style(TITLE, cls="note", around='prefix="(" suffix=")" delimiter="; "')
    cites = CiteRequest("0", prefix=prefix, suffix=suffix), CiteRequest("1")
    assert cited(source, [{"title": "T"}, {"title": "T"}], *cites) == printed


def test_what_stands_before_an_entry_stands_in_its_margin() -> None:
    entry = f'<text variable="citation-number"/>{TITLE}'
    listed = f'<bibliography second-field-align="flush"><layout prefix="(" suffix=")">{entry}</layout></bibliography>'
    done = processed(style(TITLE, bibliography=listed), [{"id": "a", "title": "T"}], "a")
    left, right = done.bibliography[0][1].nodes
    assert not isinstance(left, str)
    assert not isinstance(right, str)
    assert (left.children, right.children) == (("(1",), ("T)",))


def test_figures_in_a_key_sort_as_numbers() -> None:
    source = style(TITLE, sort='<sort><key variable="title"/></sort>', around='delimiter=" | "')
    titles = ["10 Ways", "Volume 12", "9 Ways", "Volume 3", "1984"]
    assert cited(source, [{"title": one} for one in titles]) == "9 Ways | 10 Ways | 1984 | Volume 3 | Volume 12"
