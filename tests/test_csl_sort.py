"""Sorting as the dictionaries of the languages do, sort keys, and where the words of a language come from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.csl import locale
from citekit.csl.sort import collation_key
from tests.csl_strategies import listed, printed, style
from tests.strategies import ugly_text


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "10 3 Ångström apple Apple resume résumé Zürich Москва"),
        ("de", "Ähre Apfel Muller Müller Mütze Straße zahl"),
        ("sv", "apple Zürich Åbo ärende öl"),
        ("da", "abe zoo æble ø å"),
        ("es", "nota nube ñandú oca"),
        ("pl", "lato łódź mama zebra źle żaba"),
        ("cs", "cena čas hora rok řeka syn šest"),
        ("ru", "ёлка ель ещё иголка йод край apple"),
        ("uk", "гора ґанок дід євро ирій ір їжак"),
        ("uk", "їжак йод"),
        ("tr", "ırmak iğde"),
        ("el", "Αθήνα Βόλος apple"),
    ],
)
def test_words_sort_as_in_the_dictionaries_of_their_language(lang: str, words: str) -> None:
    expected = words.split()
    found = sorted(sorted(expected), key=lambda word: collation_key(word, lang))
    assert found == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("resume", "résumé"),
        ("résumé", "resumption"),
        ("apple", "Apple"),
        ("Apple", "apples"),
        ("a b", "ab"),
        ("2", "a"),
        ("и", "й"),
        ("е", "ё"),
        ("ё", "ж"),
        ("", "a"),
    ],
)
def test_of_two_words_one_is_first(first: str, second: str) -> None:
    assert collation_key(first) < collation_key(second)


@pytest.mark.parametrize(("one", "other"), [("é", "e\u0301"), (" a", "a "), ("co\u00adop", "coop"), ("a\u200bb", "ab")])
def test_what_looks_alike_sorts_alike(one: str, other: str) -> None:
    assert collation_key(one) == collation_key(other)


@given(ugly_text, ugly_text, st.sampled_from(["en", "ru", "sv", "xx", ""]))
def test_any_texts_can_be_compared(one: str, other: str, lang: str) -> None:
    assert (collation_key(one, lang) <= collation_key(other, lang)) or (
        collation_key(other, lang) < collation_key(one, lang)
    )


LIST = '<bibliography><sort>{}</sort><layout><text variable="note"/></layout></bibliography>'
YEARS = [{"date-parts": [[1946]]}, {"date-parts": [[1945, 11]]}, {"date-parts": [[-44]]}, {"date-parts": [[1945]]}]


@pytest.mark.parametrize(
    ("key", "field", "values", "order"),
    [
        ('variable="title"', "title", ["b", "A", "", "<i>a</i>b"], "2413"),
        ('variable="title" sort="descending"', "title", ["b", "A", "", "c"], "4123"),
        ('variable="volume"', "volume", ["10", "9", 2], "321"),
        ('variable="issued"', "issued", YEARS, "3421"),
        ('variable="author"', "author", [[{"family": "B"}], [{"family": "A"}], "nobody", []], "2134"),
        ('variable="author"', "author", [[{"family": "A", "given": "b"}], [{"family": "A", "given": "a"}]], "21"),
        ('variable="citation-number" sort="descending"', "title", ["a", "b"], "21"),
        ('variable="citation-label"', "citation-label", ["b", "a"], "21"),
        ('macro="m"', "issued", YEARS, "3421"),
        ('macro="m" sort="descending"', "issued", YEARS, "1243"),
        ('macro="n"', "author", [[{"family": "van B"}], [{"family": "Az"}]], "21"),
        ('macro="n" names-min="1" names-use-first="1"', "author", [[{"family": "A"}, {"family": "C"}]] * 2, "12"),
        ('macro="k"', "author", [[{"family": "A"}, {"family": "C"}], [{"family": "B"}]], "21"),
    ],
)
def test_sort_keys(key: str, field: str, values: list[object], order: str) -> None:
    macros = (
        '<macro name="m"><date variable="issued" form="text"/></macro>'
        '<macro name="n"><names variable="author"/></macro>'
        '<macro name="k"><names variable="author"><name form="count"/></names></macro>'
    )
    source = style("", before=macros, listed=LIST.format(f"<key {key}/>"))
    items = [{field: value, "note": str(number)} for number, value in enumerate(values, 1)]
    assert "".join(listed(source, items)) == order


def test_a_later_key_orders_what_an_earlier_one_leaves_equal() -> None:
    source = style("", listed=LIST.format('<key variable="title"/><key variable="volume" sort="descending"/>'))
    items = [{"title": title, "volume": volume} for title, volume in ("b1", "a1", "a2", "b2")]
    assert listed(source, [item | {"note": "".join(item.values())} for item in items]) == ["a2", "a1", "b2", "b1"]


# Locales


@pytest.mark.parametrize(
    ("lang", "found"),
    [("en-GB", "en-GB"), ("de-XX", "de-DE"), ("DE", "de-DE"), ("zz", "en-US"), ("", "en-US"), ("ar", "ar")],
)
def test_a_language_without_a_file_gets_the_nearest(lang: str, found: str) -> None:
    assert locale.known(lang) == found


LAYERS = """<locale xml:lang="de-AT"><terms><term name="and">und_at</term></terms></locale>
<locale xml:lang="de"><terms><term name="and">und_de</term><term name="in">in_de</term></terms></locale>
<locale xml:lang="fr"><terms><term name="and">et_fr</term></terms></locale>
<locale><terms><term name="and">general</term><term name="in">general</term><term name="from">general</term></terms>
<date form="text"><date-part name="year" prefix="Jahr "/></date><info/></locale>"""


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de-AT", "und_at in_de general Band"),
        ("de-DE", "und_de in_de general Band"),
        ("de", "und_de in_de general Band"),
        ("en-US", "general general general volume"),
        ("fr-CA", "et_fr general general volume"),
    ],
)
def test_a_styles_own_words_go_before_those_of_the_language(lang: str, words: str) -> None:
    layout = "".join(f'<text term="{name}" suffix=" "/>' for name in ("and", "in", "from", "volume"))
    assert printed(style(layout, before=LAYERS, kind="in-text"), [{}], lang=lang) == [words + " "]


def test_a_styles_own_dates_go_before_those_of_the_language() -> None:
    source = style('<date variable="issued" form="text"/>', before=LAYERS)
    assert printed(source, [{"issued": {"date-parts": [[1945, 1]]}}]) == ["Jahr 1945"]


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ('term="editor"', "editor"),
        ('term="editor" plural="true"', "editors"),
        ('term="editor" form="short"', "ed."),
        ('term="editor" form="verb"', "edited by"),
        ('term="editor" form="verb-short"', "ed. by"),
        ('term="section" form="symbol"', "§"),
        ('term="and" form="symbol"', "&amp;"),
        ('term="volume" form="symbol"', "vol."),
        ('term="no such term"', ""),
    ],
)
def test_forms_of_terms_stand_for_each_other(term: str, shown: str) -> None:
    assert printed(style(f"<text {term}/>", kind="in-text"), [{}]) == [shown]


def test_a_term_that_begins_a_note_has_a_capital() -> None:
    source = style('<text term="ibid" suffix=" "/><text term="ibid"/>')
    assert printed(source, [{}]) == ["Ibid. ibid."]
