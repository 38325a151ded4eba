"""A name is a person with a comma, a body without one; the table form carries the rest; Latin letters find Cyrillic."""

from __future__ import annotations

import time
import unicodedata
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.errors import ParseError
from citekit.names import KEYS, ORDERS, Name, from_table, parse, romanized, same_person
from tests.strategies import ugly_text

# text, what it means, how it reads
READ = [
    ("Molotov, V. M.", Name("Molotov", "V. M."), "V. M. Molotov"),
    ("Molotov,V. M.", Name("Molotov", "V. M."), "V. M. Molotov"),
    ("  Molotov ,\tV. M. ", Name("Molotov", "V. M."), "V. M. Molotov"),
    ("Молотов, Вячеслав Михайлович", Name("Молотов", "Вячеслав Михайлович"), "Вячеслав Михайлович Молотов"),
    ("Harriman, W. Averell", Name("Harriman", "W. Averell"), "W. Averell Harriman"),
    ("King, Martin Luther, Jr.", Name("King", "Martin Luther", suffix="Jr."), "Martin Luther King, Jr."),
    ("de Gaulle, Charles", Name("de Gaulle", "Charles"), "Charles de Gaulle"),
    ("Ang Cheng Guan", Name(literal="Ang Cheng Guan"), "Ang Cheng Guan"),
    ("Potrubach", Name(literal="Potrubach"), "Potrubach"),
    (" Fundação Getúlio Vargas ", Name(literal="Fundação Getúlio Vargas"), "Fundação Getúlio Vargas"),
    ("Politburo CC VKP(b)", Name(literal="Politburo CC VKP(b)"), "Politburo CC VKP(b)"),
    ("毛泽东", Name(literal="毛泽东"), "毛泽东"),
    ("毛，泽东", Name(literal="毛，泽东"), "毛，泽东"),
]


@pytest.mark.parametrize(("text", "name", "display"), READ, ids=[text for text, *_ in READ])
def test_a_name_is_read(text: str, name: Name, display: str) -> None:
    assert parse(text) == name
    assert parse(text).display() == display


TABLES: list[tuple[dict[str, Any], Name, str]] = [
    ({"family": "Gaulle", "given": "Charles", "particle": "de"}, Name("Gaulle", "Charles", particle="de"), ""),
    ({"family": "Mao", "given": "Zedong", "order": "family-first"}, Name("Mao", "Zedong", order="family-first"), ""),
    ({"family": "Zhou", "given": "Enlai", "order": "given-first"}, Name("Zhou", "Enlai", order="given-first"), ""),
    ({"family": "Stalin"}, Name("Stalin"), "Stalin"),
    ({"family": " Stalin ", "given": " J. V. "}, Name("Stalin", "J. V."), "J. V. Stalin"),
    ({"family": "King", "given": "M. L.", "suffix": "Jr."}, Name("King", "M. L.", suffix="Jr."), "M. L. King, Jr."),
    ({"name": "Szalontai, Balazs", "for": "NKIDP"}, Name("Szalontai", "Balazs", for_="NKIDP"), "Balazs Szalontai"),
    ({"name": "Balazs Szalontai", "from": "Korean"}, Name(literal="Balazs Szalontai", from_="Korean"), ""),
    ({"name": "CC of the CP, Section A, Unit 1"}, Name(literal="CC of the CP, Section A, Unit 1"), ""),
    ({"literal": "Foreign Ministry, Section 1"}, Name(literal="Foreign Ministry, Section 1"), ""),
    (
        {"name": "Hershberg, James G.", "affiliation": "Troy University"},
        Name("Hershberg", "James G.", affiliation="Troy University"),
        "James G. Hershberg (Troy University)",
    ),
    (
        {"family": "Molotov", "given": "V. M.", "native": "Молотов, В. М.", "rank": 3},
        Name("Molotov", "V. M.", native="Молотов, В. М."),
        "V. M. Molotov",
    ),
]
READING = {"Gaulle": "Charles de Gaulle", "Mao": "Mao Zedong", "Zhou": "Enlai Zhou"}


@pytest.mark.parametrize(("table", "name", "display"), TABLES, ids=[str(table) for table, *_ in TABLES])
def test_the_table_form_carries_the_rest(table: dict[str, Any], name: Name, display: str) -> None:
    assert from_table(table) == name
    assert name.display() == (display or READING.get(name.family) or name.literal)


COMMA = "a name needs words on both sides of its comma"
NO_NAME = "a name needs a family name or a name"
WRONG: list[tuple[str | dict[str, Any], str, str]] = [
    ("", "a name needs words", '"Molotov, V. M."'),
    (" \t", "a name needs words", '"Molotov, V. M."'),
    (",", COMMA, '"Molotov, V. M."'),
    ("Molotov,", COMMA, '"Molotov, V. M."'),
    (", V. M.", COMMA, '"Molotov, V. M."'),
    ("King, , Jr.", COMMA, '"Molotov, V. M."'),
    (
        "CC, Section A, Unit 1, Moscow",
        "a name has at most two commas: family, given, suffix",
        'a body with commas in its name is a table: { literal = "..." }',
    ),
    ({}, NO_NAME, '{ family = "Molotov", given = "V. M." }'),
    ({"given": "V. M."}, NO_NAME, '{ family = "Molotov", given = "V. M." }'),
    ({"name": " "}, NO_NAME, '{ family = "Molotov", given = "V. M." }'),
    ({"name": "Molotov,"}, COMMA, '"Molotov, V. M."'),
    ({"family": 5}, "family of a name must be text", ""),
    ({"name": "A", "for": ["NKIDP"], "from": 5}, "for of a name must be text", ""),
    ({"name": "A", "from": 5, "for": ["NKIDP"]}, "from of a name must be text", ""),
    ({"name": "Mao", "order": "reverse"}, "a name has no order 'reverse'", "one of given-first, family-first"),
]


@pytest.mark.parametrize(("written", "message", "hint"), WRONG, ids=[str(written) for written, *_ in WRONG])
def test_a_wrong_name_says_what_is_wrong(written: str | dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(written) if isinstance(written, str) else from_table(written)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_two_names_are_the_same_person_whatever_each_was_credited_with() -> None:
    person = parse("Goldberg, Gary")
    assert same_person(person, from_table({"name": "Goldberg, Gary", "for": "CWIHP", "from": "Russian"}))
    assert same_person(person, parse("Gary Goldberg"))
    assert not same_person(person, parse("Goldberg, G."))
    assert not same_person(person, from_table({"name": "Goldberg, Gary", "affiliation": "CWIHP"}))


# Any name

_words = st.from_regex(r"[^\s,]+( [^\s,]+){0,2}", fullmatch=True)


@given(_words, _words, st.just("") | _words)
def test_what_a_name_was_made_of_is_read_back(family: str, given_: str, suffix: str) -> None:
    text = ", ".join(part for part in (family, given_, suffix) if part)
    assert parse(text) == Name(family, given_, suffix=suffix)
    assert parse(text).display() == f"{given_} {family}" + (f", {suffix}" if suffix else "")
    assert from_table({"family": family, "given": given_, "suffix": suffix}) == parse(text)
    assert parse(family) == Name(literal=family)


@given(ugly_text)
def test_any_text_is_a_name_or_a_parse_error(text: str) -> None:
    try:
        name = parse(text)
    except ParseError as error:
        wrong = error.text
    else:
        assert name.display()
        assert not (name.family and name.literal)
        return
    assert wrong == text


_values = ugly_text | st.integers() | st.none() | st.lists(ugly_text, max_size=2)


@given(st.dictionaries(st.sampled_from(sorted(KEYS)) | ugly_text, _values | st.sampled_from(ORDERS)))
def test_any_table_is_a_name_or_a_parse_error(table: dict[str, Any]) -> None:
    try:
        name = from_table(table)
    except ParseError:
        return
    assert name.display().strip()
    assert all(isinstance(value, str) for key, value in table.items() if key in KEYS)


# Latin letters

ROMANIZED = [
    ("Молотов, Вячеслав Михайлович", "Molotov, Viacheslav Mikhailovich"),
    ("Хрущёв", "Khrushchev"),
    ("Подъём и день", "Pod\"em i den'"),
    ("Київ, Єврейська, Ґалаґан", "Kiiv, Ievreis'ka, Galagan"),
    ("Мінск, Ўладзімір", "Minsk, Uladzimir"),
    ("Царствіе, вѣра, Ѳома, мѵро", "Tsarstvie, viera, Foma, myro"),
    ("Ђорђе Његош, Љиљана, Џон, Јово", "Dorde Njegosh, Ljiljana, Dzon, Jovo"),
    ("Ѓорѓи Ќосе", "Gorgi Kose"),
    ("Jeleń, Gomułka, Dubček", "Jelen, Gomulka, Dubcek"),
    ("Fundação Getúlio Vargas", "Fundacao Getulio Vargas"),
    ("Gerő Ernő, Straße, Østergård, Đilas, Þór", "Gero Erno, Strasse, Ostergard, Dilas, Thor"),
    ("毛泽东", "毛泽东"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "latin"), ROMANIZED, ids=[text or "nothing" for text, _ in ROMANIZED])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_cyrillic_and_accents_become_plain_latin_letters(text: str, latin: str, form: Literal["NFC", "NFD"]) -> None:
    assert romanized(unicodedata.normalize(form, text)) == latin


@given(ugly_text | st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўѣ ЩЁЙabcéł"))
def test_plain_latin_letters_stay_as_they_are(text: str) -> None:
    once = romanized(text)
    assert romanized(once) == once
    assert not any(unicodedata.combining(sign) for sign in once)


@pytest.mark.parametrize("piece", ["Молотов ", "é", "a\u0301\u0301", "щ", "ї"])
def test_romanizing_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        taken = []
        for _ in range(3):
            start = time.perf_counter()
            romanized(text)
            taken.append(time.perf_counter() - start)
        return min(taken)

    assert seconds(16_000) < 32 * seconds(2_000)  # eightfold is right, 64-fold would be the square
