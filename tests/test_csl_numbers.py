"""Numbers: what is numeric and plural, ordinals in the genders of languages, Roman figures, page ranges."""

from __future__ import annotations

from typing import Any

import pytest

from citekit.csl import locale, numbers
from tests.csl_strategies import cites, printed, style

FORMS = ("", "expanded", "minimal", "minimal-two", "chicago-15", "chicago-16")
# Examples of the specification's appendix V first
PAGES = {
    "3-10": ("3–10", "3–10", "3–10", "3–10", "3–10", "3–10"),
    "71-72": ("71–72", "71–72", "71–2", "71–72", "71–72", "71–72"),
    "100-104": ("100–104", "100–104", "100–4", "100–04", "100–104", "100–104"),
    "600-613": ("600–613", "600–613", "600–13", "600–13", "600–613", "600–613"),
    "107-108": ("107–108", "107–108", "107–8", "107–08", "107–8", "107–8"),
    "505-517": ("505–517", "505–517", "505–17", "505–17", "505–17", "505–17"),
    "1002-1006": ("1002–1006", "1002–1006", "1002–6", "1002–06", "1002–6", "1002–6"),
    "321-325": ("321–325", "321–325", "321–5", "321–25", "321–25", "321–25"),
    "415-532": ("415–532", "415–532", "415–532", "415–532", "415–532", "415–532"),
    "1536-1538": ("1536–1538", "1536–1538", "1536–8", "1536–38", "1536–38", "1536–38"),
    "11564-11615": ("11564–11615", "11564–11615", "11564–615", "11564–615", "11564–615", "11564–615"),
    "1496-1504": ("1496–1504", "1496–1504", "1496–504", "1496–504", "1496–1504", "1496–504"),
    "42-5": ("42–5", "42–45", "42–5", "42–45", "42–45", "42–45"),
    "L2-L5": ("L2–L5", "L2–L5", "L2–5", "L2–5", "L2–5", "L2–5"),
    "N110-5": ("N110–5", "N110-5", "N110-5", "N110-5", "N110-5", "N110-5"),
    "12a-12c": ("12a–12c",) * 6,
    "20-3, 40-9": ("20–3, 40–9", "20–23, 40–49", "20–3, 40–9", "20–23, 40–49", "20–23, 40–49", "20–23, 40–49"),
    "xi-xv": ("xi–xv",) * 6,
    "3--4": ("3–4",) * 6,
    "1\\-2": ("1-2",) * 6,
    "5": ("5",) * 6,
}  # fmt: skip


@pytest.mark.parametrize("pages", PAGES)
def test_page_ranges(pages: str) -> None:
    assert tuple(numbers.pages(pages, form, "–") for form in FORMS) == PAGES[pages]
    assert numbers.pages(pages, "chicago", "–") == numbers.pages(pages, "chicago-15", "–")


def test_a_style_has_its_own_sign_between_pages() -> None:
    delimiter = '<locale><terms><term name="page-range-delimiter">/</term></terms></locale>'
    source = style('<text variable="page"/>', before=delimiter, root='page-range-format="minimal"')
    assert printed(source, [{"page": "42-45"}]) == ["42/5"]


@pytest.mark.parametrize(
    ("text", "numeric", "plural"),
    [
        ("1", True, False),
        ("1-3", True, True),
        ("1, 3", True, True),
        ("1 & 3", True, True),
        ("5–7", True, True),
        ("2nd", True, False),
        ("D2", True, False),
        ("L2d", True, False),
        ("xi-xv", True, True),
        ("one", False, False),
        ("1 and 2", False, True),
        ("n. 5", False, False),
        ("A-1", False, False),
        ("", False, False),
    ],
)
def test_what_is_a_number_and_what_is_many(text: str, numeric: bool, plural: bool) -> None:
    if text != "xi-xv":  # Roman figures count as many, whether they are numeric or not
        assert numbers.is_numeric(text) is numeric
    assert numbers.is_plural(text) is plural


@pytest.mark.parametrize(
    ("lang", "ordinals", "by_gender"),
    [
        ("en-US", "1st 2nd 3rd 4th 11th 12th 13th 21st 101st 111th", "1st 1st"),
        ("de-DE", "1. 2. 3. 4. 11. 12. 13. 21. 101. 111.", "1. 1."),
        ("fr-FR", "1ᵉ 2ᵉ 3ᵉ 4ᵉ 11ᵉ 12ᵉ 13ᵉ 21ᵉ 101ᵉ 111ᵉ", "1ʳᵉ 1ᵉʳ"),
        ("ru-RU", "1-е 2-е 3-е 4-е 11-е 12-е 13-е 21-е 101-е 111-е", "1-я 1-й"),
    ],
)
def test_ordinals(lang: str, ordinals: str, by_gender: str) -> None:
    words = locale.locale(lang)
    figures = "1 2 3 4 11 12 13 21 101 111".split()
    assert " ".join(numbers.formatted(one, "ordinal", words, "") for one in figures) == ordinals
    assert " ".join(numbers.formatted("1", "ordinal", words, one) for one in ("feminine", "masculine")) == by_gender


ORDINALS = """<locale><terms><term name="ordinal">.</term><term name="ordinal-01" match="whole-number">er</term>
<term name="ordinal-02" match="last-two-digits">nd</term><term name="ordinal-10">dix</term>
<term name="edition" gender="feminine">x</term><term name="ordinal-03" gender-form="feminine">ère</term>
<term name="long-ordinal-01" gender-form="feminine">première</term></terms></locale>"""


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("ordinal", "1", "1er"),
        ("ordinal", "21", "21."),
        ("ordinal", "2", "2nd"),
        ("ordinal", "12", "12."),
        ("ordinal", "102", "102nd"),
        ("ordinal", "10", "10dix"),
        ("ordinal", "3", "3ère"),
        ("long-ordinal", "1", "première"),
        ("long-ordinal", "2", "second"),
        ("long-ordinal", "11", "11."),
        ("roman", "14", "xiv"),
        ("roman", "1-3", "i–iii"),
        ("roman", "4000", "4000"),
        ("roman", "4a", "4a"),
        ("numeric", "2, 3 & 4", "2, 3 &amp; 4"),
        ("ordinal", "second", "second"),
    ],
)
def test_a_style_has_its_own_ordinals(form: str, value: str, shown: str) -> None:
    source = style(f'<number variable="edition" form="{form}"/>', before=ORDINALS)
    assert printed(source, [{"edition": value}]) == [shown]


@pytest.mark.parametrize(
    ("variable", "value", "label"),
    [
        ("page", "5", "p. 5"),
        ("page", "5-7", "pp. 5–7"),
        ("page", 5, "p. 5"),
        ("volume", "1 & 2", "vols. 1 & 2"),
        ("number-of-pages", "1", "p. 1"),
        ("number-of-pages", "300", "pp. 300"),
        ("volume", "", ""),
        ("issue", True, "no. true"),
        ("issue", 5.0, "no. 5"),
        ("issue", [1, 2], "nos. 1, 2"),
    ],
)
def test_labels_are_in_the_plural_where_there_are_many(variable: str, value: Any, label: str) -> None:
    source = style(f'<label variable="{variable}" form="short" suffix=" "/><text variable="{variable}"/>')
    assert printed(source, [{variable: value}], markup="plain") == [label]


@pytest.mark.parametrize(("plural", "label"), [("always", "pages"), ("never", "page"), ("contextual", "page")])
def test_a_style_may_say_whether_a_label_is_in_the_plural(plural: str, label: str) -> None:
    assert printed(style(f'<label variable="page" plural="{plural}"/>'), [{"page": "5"}]) == [label]


def test_a_locator_has_its_own_label() -> None:
    source = style('<label variable="locator" form="short" suffix=" "/><number variable="locator"/>')
    located = [cites("0", locator="5-7", label=label) for label in ("page", "folio", "sub verbo", "")]
    assert printed(source, [{}], *located) == ["pp. 5–7", "fols. 5–7", "s.vv. 5–7", "pp. 5–7"]


def test_a_cite_may_have_a_word_of_its_own_for_its_label_and_other_values_than_its_item() -> None:
    source = style(
        '<group delimiter=" "><text variable="archive_location"/><label variable="locator" form="short"/>'
        '<text variable="locator"/></group>'
    )
    item = {"archive_location": "f. 1, l. 2"}
    located = cites("0", locator="5ob.", label="folio", word="l.", instead={"archive_location": "f. 1"})
    assert printed(source, [item], located, cites("0", locator="5", label="folio")) == [
        "f. 1 l. 5ob.",
        "f. 1, l. 2 fol. 5",
    ]


NUMBERED = (
    '<number variable="{0}"/><text value="/"/><text variable="{0}"/>'
    '<choose><if is-numeric="{0}"><text value="!"/></if></choose>'
)


@pytest.mark.parametrize(
    ("variable", "shown"),
    [("citation-number", "2/2!"), ("page-first", "5/5!"), ("volume", "7/7!"), ("first-reference-note-number", "/")],
)
def test_numbers_that_are_made_are_numbers_too(variable: str, shown: str) -> None:
    items: list[dict[str, Any]] = [{"title": "x"}, {"page": "5-7", "volume": 7}]
    assert printed(style(NUMBERED.format(variable)), items)[1] == shown


def test_the_first_page_may_be_said() -> None:
    source = style('<text variable="page-first"/>')
    assert printed(source, [{"page-first": "9", "page": "1-2"}, {"page": "12–15"}, {"page": "3, 5"}, {}]) == [
        "9", "12", "3", "",
    ]  # fmt: skip
