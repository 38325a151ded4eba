"""Names: their order and particles, initials, lists with et al., labels, and what stands for those that are missing."""

from __future__ import annotations

from typing import Any

import pytest

from citekit.csl import names
from tests.csl_strategies import cites, listed, printed, style


@pytest.mark.parametrize(
    ("given", "with_stop_and_space", "with_stop", "bare"),
    [
        ("Jane", "J.", "J.", "J"),
        ("J. R. R.", "J. R. R.", "J.R.R.", "JRR"),
        ("J.R.", "J. R.", "J.R.", "JR"),
        ("James T", "J. T.", "J.T.", "JT"),
        ("Jean-Luc", "J.-L.", "J.-L.", "J-L"),
        ("Marie-Claire Anne", "M.-C. A.", "M.-C.A.", "M-CA"),
        ("Guo-ping", "G.", "G.", "G"),
        ("Ludwig van", "L. van", "L. van", "L van"),
        ("Ch. L.", "Ch. L.", "Ch.L.", "ChL"),
        ("М. И.", "М. И.", "М.И.", "МИ"),
        ("", "", "", ""),
    ],
)
def test_initials(given: str, with_stop_and_space: str, with_stop: str, bare: str) -> None:
    assert [names.initials(given, ending) for ending in (". ", ".", "")] == [with_stop_and_space, with_stop, bare]


@pytest.mark.parametrize(
    ("given", "kept", "without_hyphen"),
    [("James T", "James T.", "J. T."), ("Jean-Luc", "Jean-Luc", "J. L."), ("J. R.", "J. R.", "J. R.")],
)
def test_initials_may_be_only_those_of_the_author_or_lose_their_hyphen(
    given: str, kept: str, without_hyphen: str
) -> None:
    assert names.initials(given, ". ", all_words=False) == kept
    assert names.initials(given, ". ", hyphen=False) == without_hyphen


@pytest.mark.parametrize(
    ("family", "given", "parts"),
    [
        ("de Gaulle", "Charles", ("Gaulle", "Charles", "", "de")),
        ("van der Berg", "J", ("Berg", "J", "", "van der")),
        ("d'Arc", "Jeanne", ("Arc", "Jeanne", "", "d’")),
        ("al-Hakim", "Tawfiq", ("Hakim", "Tawfiq", "", "al-")),
        ("Beethoven", "Ludwig van", ("Beethoven", "Ludwig", "van", "")),
        ("De Gaulle", "Charles", ("De Gaulle", "Charles", "", "")),
        ("hooks", "bell", ("hooks", "bell", "", "")),
        ('"van Project"', "", ("van Project", "", "", "")),
    ],
)
def test_particles_are_found_where_none_is_set_apart(family: str, given: str, parts: tuple[str, ...]) -> None:
    assert names.split(family, given, "", "") == parts


VAN = {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}
LA = {
    "family": "Fontaine",
    "given": "Jean",
    "dropping-particle": "de",
    "non-dropping-particle": "La",
    "suffix": "III",
}
KING = {"family": "King", "given": "M. L.", "suffix": "Jr.", "comma-suffix": True}
SHOWN: dict[
    str, tuple[dict[str, Any], list[str]]
] = {  # long, short, inverted, inverted where particles are never demoted
    "van Gogh": (VAN, ["Vincent van Gogh", "van Gogh", "Gogh, Vincent van", "van Gogh, Vincent"]),
    "La Fontaine": (
        LA,
        ["Jean de La Fontaine III", "La Fontaine", "Fontaine, Jean de La, III", "La Fontaine, Jean de, III"],
    ),
    "King": (KING, ["M. L. King, Jr.", "King", "King, M. L., Jr.", "King, M. L., Jr."]),
    "a body": ({"literal": "NATO"}, ["NATO"] * 4),
    "a Chinese name": ({"family": "毛", "given": "泽东"}, ["毛泽东", "毛", "毛泽东", "毛泽东"]),
    "a given name": ({"given": "Plato"}, ["Plato"] * 4),
    "a family name": ({"family": "X"}, ["X"] * 4),
    "nothing": ({}, [""] * 4),
}


@pytest.mark.parametrize("name", SHOWN)
def test_one_name(name: str) -> None:
    person, shown = SHOWN[name]
    looks = [("", ""), ('form="short"', ""), ('name-as-sort-order="all"', "")]
    looks.append(('name-as-sort-order="all"', 'demote-non-dropping-particle="never"'))
    assert [people([person], look, root=root) for look, root in looks] == shown


def people(authors: list[dict[str, Any]], look: str = "", inside: str = "", **more: str) -> str:
    """The authors as a style prints them."""
    return printed(style(f'<names variable="author"><name {look}/>{inside}</names>', **more), [{"author": authors}])[0]


def many(count: int) -> list[dict[str, Any]]:
    """So many persons: A, B, C …"""
    return [{"family": letter, "given": letter.lower()} for letter in "ABCDEF"[:count]]


SHORT = 'form="short"'
LISTS = {
    "": ("A", "A, B", "A, B, C", "A, B, C, D"),
    'and="text"': ("A", "A and B", "A, B, and C", "A, B, C, and D"),
    'and="symbol"': ("A", "A &amp; B", "A, B, &amp; C", "A, B, C, &amp; D"),
    'and="text" delimiter-precedes-last="always"': ("A", "A, and B", "A, B, and C", "A, B, C, and D"),
    'and="text" delimiter-precedes-last="never"': ("A", "A and B", "A, B and C", "A, B, C and D"),
    'delimiter=" / "': ("A", "A / B", "A / B / C", "A / B / C / D"),
    'et-al-min="3" et-al-use-first="1"': ("A", "A, B", "A et al.", "A et al."),
    'et-al-min="3" et-al-use-first="2"': ("A", "A, B", "A, B, et al.", "A, B, et al."),
    'et-al-min="3" delimiter-precedes-et-al="always"': ("A", "A, B", "A, et al.", "A, et al."),
    'et-al-min="3" et-al-use-first="2" delimiter-precedes-et-al="never"': ("A", "A, B", "A, B et al.", "A, B et al."),
    'et-al-min="3" et-al-use-first="1" et-al-use-last="true"': ("A", "A, B", "A, … C", "A, … D"),
    'et-al-min="3" et-al-use-first="3"': ("A", "A, B", "A, B, C", "A, B, C, et al."),
}


@pytest.mark.parametrize("look", LISTS)
def test_lists_of_names(look: str) -> None:
    assert tuple(people(many(count), f"{SHORT} {look}") for count in range(1, 5)) == LISTS[look]


@pytest.mark.parametrize(
    ("look", "shown"),
    [
        ('and="text" delimiter-precedes-last="after-inverted-name"', ("A, a, and b B", "A, a, b B and c C")),
        ('et-al-min="2" delimiter-precedes-et-al="after-inverted-name"', ("A, a, et al.", "A, a, et al.")),
    ],
)
def test_a_delimiter_may_follow_names_that_are_turned_round(look: str, shown: tuple[str, ...]) -> None:
    look += ' name-as-sort-order="first"'
    assert tuple(people(many(count), look) for count in (2, 3)) == shown


def test_et_al_has_words_and_a_face_of_its_own() -> None:
    assert people(many(3), 'form="short" et-al-min="2"', '<et-al term="and others" font-style="italic"/>') == (
        "A <i>and others</i>"
    )
    silent = '<locale><terms><term name="et-al"></term></terms></locale>'
    assert people(many(3), 'form="short" et-al-min="2"', before=silent) == "A"
    chinese = '<locale><terms><term name="et-al">等</term></terms></locale>'
    assert people(many(3), 'form="short" et-al-min="2"', before=chinese) == "A等"


def test_more_names_are_hidden_in_later_cites() -> None:
    source = style('<names variable="author"><name form="short"/></names>', options='et-al-subsequent-min="2"')
    cut = style(
        '<names variable="author"><name form="short"/></names>',
        options='et-al-min="3" et-al-use-first="2" et-al-subsequent-min="2" et-al-subsequent-use-first="1"',
    )
    assert printed(source, [{"author": many(3)}], cites("0"), cites("0")) == ["A, B, C", "A et al."]
    assert printed(cut, [{"author": many(3)}], cites("0"), cites("0")) == ["A, B, et al.", "A et al."]


@pytest.mark.parametrize(
    ("layout", "shown"),
    [
        ('<names variable="author editor" delimiter="; "/>', "a A; e E, f F"),
        ('<names variable="editor"><name/><label form="short" prefix=" (" suffix=")"/></names>', "e E, f F (eds.)"),
        ('<names variable="author"><label form="verb"/></names>', "a A"),
        ('<names variable="editor"><label form="verb" suffix=" "/><name form="short"/></names>', "edited by E, F"),
        ('<names variable="editor"><name form="short"/><label plural="never" prefix=", "/></names>', "E, F, editor"),
        ('<names variable="editor"><name form="count"/></names>', "2"),
        ('<names variable="director"><name form="count"/></names>', ""),
        ('<names variable="director"><substitute><names variable="editor"/></substitute></names>', "e E, f F"),
        (
            '<names variable="director"><name form="short"/><label prefix=" "/>'
            '<substitute><names variable="editor"/><text variable="title"/></substitute></names>',
            "E, F editors",
        ),
        (
            '<names variable="director"><substitute><text variable="title" prefix="~"/></substitute></names>'
            '<text variable="title"/>',
            "~T",
        ),
        ('<names variable="director" prefix="("><substitute><text variable="note"/></substitute></names>', ""),
        ('<names variable="author"><name><name-part name="family" text-case="uppercase"/></name></names>', "a A"),
        (
            '<names variable="author"><name font-style="italic"><name-part name="given" prefix="~"/></name></names>',
            "<i>~a A</i>",
        ),
        ('<names variable="note"/>', ""),
    ],
)
def test_elements_of_names(layout: str, shown: str) -> None:
    item = {"author": many(1), "editor": [{"family": "E", "given": "e"}, {"family": "F", "given": "f"}], "title": "T"}
    assert printed(style(layout), [item]) == [shown]


BOTH = (
    '<names variable="editor translator" delimiter="; "><name form="short"/><label form="short" prefix=", "/></names>'
)


@pytest.mark.parametrize(
    ("editors", "translators", "shown"),
    [
        (many(1), many(1), "A, ed. &amp; trans."),
        (many(2), many(2), "A, B, eds. &amp; trans."),
        (many(1), many(2), "A, ed.; A, B, trans."),
        (many(1), [], "A, ed."),
        ([], [], ""),
    ],
)
def test_editors_who_are_the_translators_are_named_once(
    editors: list[dict[str, Any]], translators: list[dict[str, Any]], shown: str
) -> None:
    assert printed(style(BOTH), [{"editor": editors, "translator": translators}]) == [shown]


REPEATED = (
    '<bibliography subsequent-author-substitute="—" {}><layout><names variable="author"><name form="short"/>'
    '<substitute><text variable="archive"/></substitute></names><text variable="title" prefix=" "/>'
    "</layout></bibliography>"
)


@pytest.mark.parametrize(
    ("rule", "entries"),
    [
        ("complete-all", ["A, B 1", "— 2", "A, C 3", "A 4"]),
        ("complete-each", ["A, B 1", "—, — 2", "A, C 3", "A 4"]),
        ("partial-each", ["A, B 1", "—, — 2", "—, C 3", "— 4"]),
        ("partial-first", ["A, B 1", "—, B 2", "—, C 3", "— 4"]),
    ],
)
def test_names_of_the_entry_before_are_replaced(rule: str, entries: list[str]) -> None:
    a, b, c = many(3)
    items = [{"author": [a, b]}, {"author": [a, b]}, {"author": [a, c]}, {"author": [a]}]
    titled = [item | {"title": str(number)} for number, item in enumerate(items, 1)]
    source = style("", listed=REPEATED.format(f'subsequent-author-substitute-rule="{rule}"'))
    assert listed(source, titled) == entries


def test_what_stands_for_names_is_replaced_too() -> None:
    items = [{"archive": "RGASPI", "title": str(number)} for number in (1, 2)] + [{"archive": "GARF", "title": "3"}]
    assert listed(style("", listed=REPEATED.format("")), items) == ["RGASPI 1", "— 2", "GARF 3"]


LABELS = style('<text variable="citation-label"/>')


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ({"author": [{"family": "Doe"}], "issued": {"date-parts": [[1999]]}}, "Doe99"),
        ({"author": [{"family": "Doe"}, {"family": "Roe"}], "issued": {"date-parts": [[2004]]}}, "DoRo04"),
        ({"editor": [{"family": one} for one in "Abc Def Ghi Jkl Mno".split()]}, "ADGJ"),
        ({"citation-label": "own"}, "own"),
        ({}, ""),
    ],
)
def test_labels_are_made_of_names_and_year(item: dict[str, Any], label: str) -> None:
    assert printed(LABELS, [item]) == [label]
