"""docs/csl.md tells the truth: every Python example prints what it shows, and what it names is there."""

from __future__ import annotations

import doctest
import pickle
import re
from typing import Any, get_args

import pytest

from citekit import csl
from citekit.csl import disambiguate, shapes
from citekit.csl.locale import FALLBACK, locale
from citekit.errors import StyleError
from citekit.library import Library
from citekit.markup import WRITERS, Face
from tests.shared import ROOT

PAGE = (ROOT / "docs" / "csl.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def examples() -> doctest.DocTest:
    """All Python blocks of the page as one session; a line has the number that it has in the file."""
    kept: list[str] = []
    inside = False
    for line in PAGE.splitlines():
        fence = line.startswith("```")
        inside = line == "```python" if fence else inside
        kept.append(line if inside and not fence else "")
    return doctest.DocTestParser().get_doctest("\n".join(kept), {}, "docs/csl.md", "docs/csl.md", 0)


def test_every_example_of_the_page_prints_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    said: list[str] = []
    failed, tried = doctest.DocTestRunner().run(examples(), out=said.append)
    assert not failed, "".join(said)
    assert tried == PAGE.count("\n>>> ")


def test_no_python_on_the_page_is_left_out() -> None:
    assert len(FENCE.findall(PAGE)) == PAGE.count("```python")


@pytest.mark.parametrize("name", csl.__all__)
def test_every_public_name_is_on_the_page(name: str) -> None:
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", PAGE)


@pytest.mark.parametrize("name", [*WRITERS, *get_args(Face)])
def test_every_markup_and_every_face_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_every_file_on_the_page_is_there() -> None:
    named = {*re.findall(r"`(csl/\w+\.py)`", PAGE), *(f"../{name}" for name in re.findall(r"`(tests/\S+?\.py)`", PAGE))}
    assert [name for name in named if not (ROOT / "citekit" / name).exists()] == []


def test_every_link_by_name_has_its_address() -> None:
    words = re.sub(FENCE, "", PAGE)
    assert set(re.findall(r"\]\[(\w+)\]", words)) == set(re.findall(r"^\[(\w+)\]: https://", PAGE, re.M))


def test_the_numbers_of_the_page_add_up() -> None:
    failing = re.findall(r"`([a-z]+_[A-Z]\w+)`", PAGE)
    assert "Of the 642 cases" in PAGE
    assert f"{642 - len(failing)} come out as expected" in PAGE
    rows = "".join(re.findall(r"^\| \d \|(.*?)\|", PAGE, re.M))
    assert sum(int(count) for count in re.findall(r"\d", rows)) == 1793 - 1781


# What the page says of the processor and shows in no example


def printed(
    body: str, *tables: dict[str, Any], bibliography: str = "", attributes: str = "", kind: str = "note"
) -> str:
    """One citation of all items; or their bibliography, where the style has one."""
    source = f"""<style xmlns="http://purl.org/net/xbiblio/csl" class="{kind}" version="1.0">
        <citation {attributes}><layout delimiter="; ">{body}</layout></citation>{bibliography}</style>"""
    items = [csl.from_json({"id": str(number), "type": "book", **table}) for number, table in enumerate(tables)]
    cites = tuple(csl.CiteRequest(item.id) for item in items)
    done = csl.process(csl.compile_style(source), items, [csl.Citation(1, cites)])
    return " | ".join(entry.plain() for _, entry in done.bibliography) or done.notes[0].plain()


def test_a_dependent_style_is_refused_and_the_library_follows_its_link() -> None:
    dependent = (
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>J</title>'
        '<link href="http://www.zotero.org/styles/nature" rel="independent-parent"/></info></style>'
    )
    with pytest.raises(StyleError):
        csl.compile_style(dependent)
    name, source = Library(ROOT).style("nature-biotechnology")
    assert name == "nature-biotechnology"
    assert csl.compile_style(source).bibliography is not None


def test_oblique_is_italic_and_light_is_medium() -> None:
    body = '<text variable="title" font-style="{}" font-weight="{}"/>'
    assert printed(body.format("oblique", "light"), {"title": "T"}) == "T"
    style = csl.compile_style(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><citation><layout>'
        f"{body.format('oblique', 'light')}</layout></citation></style>"
    )
    done = csl.process(style, [csl.from_json({"id": "x", "type": "book", "title": "T"})], [one_cite("x")])
    assert [getattr(node, "face", "") for node in done.notes[0].nodes] == ["italic"]


def one_cite(id_: str) -> csl.Citation:
    return csl.Citation(1, (csl.CiteRequest(id_),))


def test_one_of_two_marks_stays_and_all_of_the_style_go_into_the_quotation() -> None:
    assert printed('<text variable="title" suffix="."/>', {"title": "Who?"}) == "Who?"
    assert printed('<text variable="title" quotes="true" suffix="!"/>', {"title": "Now"}) == "“Now!”"


def test_more_names_tell_cites_apart_before_given_names_do() -> None:
    body = '<names variable="author"><name form="short" et-al-min="2" et-al-use-first="1"/></names>'
    works = [
        {"author": [{"family": "Doe", "given": given}, {"family": other, "given": "X"}]}
        for given, other in (("Jane", "Roe"), ("John", "Moe"))
    ]
    both = 'disambiguate-add-names="true" disambiguate-add-givenname="true"'
    assert printed(body, *works, attributes=both) == "Doe, Roe; Doe, Moe"


def test_a_later_cite_in_the_text_is_not_near() -> None:
    body = '<choose><if position="near-note"><text value="near"/></if><else><text variable="title"/></else></choose>'
    style = csl.compile_style(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><citation><layout>'
        f"{body}</layout></citation></style>"
    )
    items = [csl.from_json({"id": "x", "type": "book", "title": "T"})]
    place = csl.Citation(0, (csl.CiteRequest("x"),))
    assert [text.plain() for text in csl.process(style, items, [place, place]).notes] == ["T", "T"]


def test_a_range_of_pages_has_a_dash() -> None:
    assert printed('<text variable="page"/>', {"page": "5-16"}) == "5–16"


def test_a_title_in_capitals_stays() -> None:
    assert printed('<text variable="title" text-case="title"/>', {"title": "THE COLD WAR"}) == "THE COLD WAR"


def test_an_unknown_element_is_a_fault_and_an_unknown_attribute_is_not() -> None:
    assert printed('<text variable="title" colour="red"/>', {"title": "T"}) == "T"
    with pytest.raises(StyleError, match="<institution> cannot stand here"):
        printed("<institution/>", {"title": "T"})


def test_particles_are_found_in_names_and_stand_before_the_short_form() -> None:
    short = '<names variable="author"><name form="short" name-as-sort-order="all"/></names>'
    inverted = '<names variable="author"><name name-as-sort-order="all"/></names>'
    together = {"author": [{"family": "van Gogh", "given": "Vincent"}]}
    apart = {"author": [{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}]}
    assert printed(short, together) == printed(short, apart) == "van Gogh"
    assert printed(inverted, together) == printed(inverted, apart) == "Gogh, Vincent van"


def test_affixes_of_a_date_surround_the_range() -> None:
    body = '<date variable="issued" prefix="(" suffix=")"><date-part name="year"/></date>'
    assert printed(body, {"issued": {"date-parts": [[1917], [1923]]}}) == "(1917–1923)"


def test_no_comma_before_the_last_name_where_the_style_says_never() -> None:
    body = '<names variable="author"><name and="symbol" delimiter-precedes-last="never"/></names>'
    states = [{"literal": name} for name in ("Russia", "Germany", "Austria-Hungary")]
    assert printed(body, {"author": states}) == "Russia, Germany & Austria-Hungary"


def test_brackets_inside_of_brackets_are_square() -> None:
    body = '<group prefix="(" suffix=")"><group prefix="(" suffix=")"><text variable="title"/></group></group>'
    assert printed(body, {"title": "T"}) == "([T])"


def test_quotation_marks_of_fields_are_those_of_the_language() -> None:
    assert printed('<text variable="title"/>', {"title": 'The "Reader\'s" End'}) == "The “Reader’s” End"
    assert locale(FALLBACK).quotes[0] == "“"


def test_results_and_items_can_be_pickled_and_styles_cannot() -> None:
    style = csl.compile_style(Library(ROOT).style("nature")[1])
    item = csl.from_json({"id": "x", "type": "book", "title": "T", "author": [{"family": "Doe"}]})
    result = csl.process(style, [item], [one_cite("x")])
    assert pickle.loads(pickle.dumps((item, result))) == (item, result)
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        pickle.dumps(style)


def test_the_bound_of_shapes_is_the_one_on_the_page() -> None:
    assert f"at most {shapes.MOST:,} shapes" in PAGE


def test_year_suffixes_follow_the_bibliography_and_cites_their_writer() -> None:
    body = (
        '<names variable="author"><name form="short"/></names><date variable="issued"><date-part name="year"/></date>'
    )
    listed = (
        '<bibliography><sort><key variable="author"/></sort><layout><text variable="title"/></layout></bibliography>'
    )
    works = [{"author": [{"family": "Doe", "given": name}], "issued": {"date-parts": [[1965]]}} for name in "JH"]
    said = printed(body, *works, bibliography=listed, attributes='disambiguate-add-year-suffix="true"')
    assert said == "Doe1965b; Doe1965a"
    assert disambiguate.letters(2) == "b"
