"""The registry finds an archive by whatever it is called, and says what is wrong with one that a library describes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from citekit.archives import (
    AmbiguousArchiveError,
    Archive,
    Example,
    Former,
    Registry,
    fold,
    script_of,
    shipped,
    with_own,
)
from citekit.errors import CitekitError, StorageError, UsageError
from citekit.locators import Locator
from citekit.shelfmark import OPIS, Form, Part, Script, format_mark, format_reference, parse
from tests.growth import LINEAR, growth_of_reading
from tests.strategies import ugly_text

ARCHIVES = {archive.key: archive for archive in shipped().all()}
EXAMPLES = [(key, example) for key, archive in ARCHIVES.items() for example in archive.examples]


# The shipped registry


@pytest.mark.parametrize(("key", "example"), EXAMPLES, ids=[example.text for _, example in EXAMPLES])
def test_every_example_is_read_and_printed_by_its_scheme(key: str, example: Example) -> None:
    archive = ARCHIVES[key]
    names = {*archive.sigla, *archive.also, *(siglum for old in archive.former for siglum in old.sigla)}
    siglum = max((name for name in names if example.text.startswith(name)), key=len)
    form = Form(script_of(siglum))
    mark = parse(example.text.removeprefix(siglum).lstrip(", "), archive.scheme)
    printed = format_mark(mark, archive.scheme, form)
    first = archive.scheme.level(mark.parts[0].level)
    marked = bool(first.marks) and not first.after
    assert format_reference(siglum, printed, marked=marked, scheme=archive.scheme, form=form) == example.text
    assert all(isinstance(part.value, Locator) == archive.scheme.level(part.level).leaf for part in mark.parts)


def test_every_archive_has_examples() -> None:
    assert len(EXAMPLES) >= 246
    assert {key for key, archive in ARCHIVES.items() if not archive.examples} == set()


def candidates(name: str) -> set[str]:
    """The keys of the archives that *name* can mean."""
    try:
        found = shipped().find(name)
    except AmbiguousArchiveError as error:
        return {archive.key for archive in error.candidates}
    return {found.key} if found else set()


@pytest.mark.parametrize("key", ARCHIVES)
def test_an_archive_is_found_by_every_name_of_its_own(key: str) -> None:
    archive = ARCHIVES[key]
    assert shipped().find(key) == archive
    names = {*archive.sigla, archive.name, archive.native, archive.romanized, *archive.also} - {""}
    for name in names:
        for written in {name, name.upper(), f" {name} ", name.replace(" ", "\N{NO-BREAK SPACE}")}:
            assert key in candidates(written), written


@pytest.mark.parametrize("key", ARCHIVES)
def test_an_archive_is_found_by_every_former_name(key: str) -> None:
    taken = {fold(name) for other in ARCHIVES.values() for name in (other.key, *other.sigla, other.name, *other.also)}
    for old in ARCHIVES[key].former:
        for name in {*old.sigla, old.name} - {""}:
            if fold(name) not in taken:  # a name in use now is not the former one
                assert key in candidates(name), name


def test_the_former_name_is_told() -> None:
    found = shipped().lookup("РЦХИДНИ")
    assert found is not None
    archive, former = found
    assert (archive.key, former and former.from_, former and former.until) == ("RGASPI", 1991, 1999)
    assert shipped().lookup("RGASPI") == (archive, None)


@pytest.mark.parametrize(
    ("former", "text"),
    [
        (Former(("ЦХСД",), "Centre", 1991, 1999), "Centre, ЦХСД (1991–1999)"),
        (Former(("A", "B"), "", 1945), "A, B (1945–)"),
        (Former((), "Centre", until=1999), "Centre (–1999)"),
        (Former((), "Centre"), "Centre"),
    ],
)
def test_a_former_name_is_told_with_its_years(former: Former, text: str) -> None:
    assert former.text() == text


def test_a_shared_siglum_answers_with_its_candidates() -> None:
    owners: dict[str, set[str]] = {}
    for archive in ARCHIVES.values():
        for siglum in archive.sigla:
            owners.setdefault(fold(siglum), set()).add(archive.key)
    shared = {siglum: keys for siglum, keys in owners.items() if len(keys) > 1}
    assert set(shared) >= {fold(siglum) for siglum in ("AMAE", "NA", "RA", "KA", "NAA")}
    assert {siglum: candidates(siglum) for siglum in shared} == shared


def test_an_error_names_the_candidates_and_how_to_choose() -> None:
    with pytest.raises(AmbiguousArchiveError, match="'NA' is the siglum of several archives") as caught:
        shipped().get("NA")
    assert {archive.key for archive in caught.value.candidates} == {"NA-CZ", "NARA", "NL-HANA"}
    assert all(key in caught.value.hint for key in ("NA-CZ", "NARA", "NL-HANA"))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("РГАСПИ", "RGASPI"),
        ("Rgaspi", "RGASPI"),
        ("РГACПИ", "RGASPI"),  # A and C are Latin
        ("ГА РФ", "GARF"),
        ("G.A.R.F.", "GARF"),
        ("Archive of the President, Russian Federation (APRF)", "APRF"),
        ("Some name that nobody knows (RGASPI)", "RGASPI"),
        ("Russian State Archive of Socio-Political History (RGASPI), Moscow", "RGASPI"),
        ("Russian State Archive of Socio-Political History, Moscow", "RGASPI"),
    ],
)
def test_a_name_is_found_as_people_write_it(written: str, key: str) -> None:
    assert shipped().get(written).key == key


@pytest.mark.parametrize("name", ["", " ", "()", ", ", "-", "Archive", "of", '"', "key =", "[[archive]]", "RGASP"])
def test_what_is_no_name_finds_nothing(name: str) -> None:
    assert shipped().find(name) is None


def test_an_unknown_archive_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UsageError, match="no archive 'RGASPY'") as near:
        shipped().get("RGASPY")
    assert "RGASPI" in near.value.hint
    with pytest.raises(UsageError) as far:
        shipped().get("qqqqqqqq")
    assert far.value.hint == "`citekit archives` lists them"


@given(ugly_text)
def test_any_name_is_found_or_not(name: str) -> None:
    assert candidates(name) <= set(ARCHIVES)


@pytest.mark.parametrize("piece", ["(", " ", "(a", "a", ",", " (", "а"])
def test_a_long_name_takes_no_more_than_its_share(piece: str) -> None:
    assert growth_of_reading(Registry(("own.toml", OWN)).find, piece) < LINEAR


def test_a_search_finds_a_town_however_it_is_spelt() -> None:
    found = [{one.key for one in shipped().search(word)} for word in ("Kyiv", "Kiev", "Київ", "Киев")]
    assert found == [{"TSDAVO", "TSDAHO", "TSDIAK", "HDASBU", "DAKO", "DAK"}] * 4


def test_a_search_wants_every_word() -> None:
    keys = [archive.key for archive in shipped().search("komsomol MOSCOW")]
    assert "RGASPI" in keys
    assert "TNA" not in keys
    assert shipped().search("") == shipped().all()
    assert shipped().search("rgaspi qqqq") == ()


def test_keys_are_told_in_the_order_of_the_file_without_reading_it() -> None:
    assert shipped().keys() == tuple(ARCHIVES)


def test_every_scheme_is_used_and_its_levels_are_known() -> None:
    named = {level for archive in ARCHIVES.values() for level in archive.scheme.names()}
    assert shipped().levels() == named | set(OPIS.names())


@pytest.mark.parametrize(
    ("key", "script", "siglum"),
    [("RGASPI", "Latn", "RGASPI"), ("RGASPI", "Cyrl", "РГАСПИ"), ("TNA", "Cyrl", "TNA"), ("TNA", "Latn", "TNA")],
)
def test_the_siglum_of_the_script_is_printed_where_there_is_one(key: str, script: Script, siglum: str) -> None:
    assert ARCHIVES[key].siglum(script) == siglum


def test_an_archive_is_told_as_json() -> None:
    told = ARCHIVES["RGANI"].as_json()
    assert list(told)[:3] == ["key", "sigla", "name"]
    assert told["former"] == [
        {
            "sigla": ("TsKhSD", "ЦХСД"),
            "name": "Centre for the Preservation of Contemporary Documentation",
            "from": 1991,
            "until": 1999,
        }
    ]
    assert told["scheme"] == list(ARCHIVES["RGANI"].scheme.names())
    assert told["examples"][0]["text"] == "RGANI, f. 5, op. 49, d. 131, ll. 193-194"  # type: ignore[index] # a list
    assert "also" not in told


@pytest.mark.parametrize(
    ("text", "script"), [("РГАСПИ", "Cyrl"), ("RGASPI", "Latn"), ("РГACПИ", "Cyrl"), ("", "Latn"), ("5", "Latn")]
)
def test_the_script_of_most_letters_counts(text: str, script: Script) -> None:
    assert script_of(text) == script


# Archives that a library adds

OWN = """\
[scheme.attic]
levels = [
  { name = "trunk", latin = ["trunk"], cyrillic = ["сундук"] },
  { name = "letter", joint = " / " },
  { name = "list", latin = ["l.", "ll."], leaf = true, verso = { latin = " back" }, recto = { latin = " front" } },
]

[[archive]]
key = "ATTIC"
sigla = ["Attic", "Чердак"]
name = "The Attic"
city = "Perm"
scheme = "attic"

[[archive]]
key = "RGASPI"
sigla = ["RGASPI"]
name = "Ours"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The file of a library's own archives."""
    return tmp_path / "_archives.toml"


def test_an_archive_of_the_library_is_found_and_prints_its_shelfmarks(own: Path) -> None:
    own.write_text(OWN, encoding="utf-8")
    registry = with_own(own)
    attic = registry.get("чердак")
    mark = parse("trunk 3 / 17, ll. 5-7", attic.scheme)
    assert [part.level for part in mark.parts] == ["trunk", "letter", "list"]
    assert format_mark(mark, attic.scheme, Form("Cyrl")) == "сундук 3 / 17, ll. 5-7"
    assert attic == Archive("ATTIC", ("Attic", "Чердак"), "The Attic", "The Attic", "", "Perm", "", attic.scheme)
    assert {"trunk", "letter", "fond"} <= registry.levels()


def test_the_same_key_replaces_a_shipped_archive(own: Path) -> None:
    own.write_text(OWN, encoding="utf-8")
    registry = with_own(own)
    assert registry.get("RGASPI").name == "Ours"
    assert registry.get("RGASPI").scheme is OPIS
    assert len(registry.all()) == len(ARCHIVES) + 1
    assert registry.keys() == (*ARCHIVES, "ATTIC")
    assert [archive.name for archive in registry.search("rgaspi ours")] == ["Ours"]


# What stands in the file, the line of the error, and what it says
GOOD = 'key = "ATTIC"\nsigla = ["Attic"]\nname = "The Attic"\n'
WRONG = {
    "no TOML": ('a = 1\n[[archive]]\nkey = "ATTIC\n', 3, "not TOML"),
    "one table": (f"[archive]\n{GOOD}", 0, "archives are written in another way than citekit reads"),
    "a number": ("archive = 5\n", 0, "archives are written in another way than citekit reads"),
    "inline tables": ('archive = [{ key = "A" }]\n', 0, "archives are written in another way than citekit reads"),
    "a header in a text": (f'[[archive]]\n{GOOD}note = """\n[[archive]]\n"""\n', 0, "archives are written in another"),
    "no key": ('\n\n[[archive]]\nsigla = ["Attic"]\nname = "Attic"\n', 3, "the archive lacks key"),
    "no name": ('[[archive]]\nkey = "ATTIC"\nsigla = ["Attic"]\n', 1, "the archive lacks name"),
    "no sigla": ('[[archive]]\nkey = "ATTIC"\nname = "Attic"\n', 1, "the archive has no siglum"),
    "a siglum": ('[[archive]]\nkey = "ATTIC"\nname = "Attic"\nsigla = "Attic"\n', 1, "sigla must be a list"),
    "sigla of numbers": (
        '[[archive]]\nkey = "ATTIC"\nname = "Attic"\nsigla = [5]\n',
        1,
        "each of sigla must be a text",
    ),
    "a city of numbers": (f"[[archive]]\n{GOOD}city = 5\n", 1, "city must be a text"),
    "a year in words": (f'[[archive]]\n{GOOD}former = [{{ from = "1991" }}]\n', 1, "from must be a whole number"),
    "a year that is true": (f"[[archive]]\n{GOOD}former = [{{ until = true }}]\n", 1, "until must be a whole number"),
    "a former text": (f'[[archive]]\n{GOOD}former = ["Old"]\n', 1, "each of former must be a table"),
    "an example without a source": (
        f'[[archive]]\n{GOOD}examples = [{{ text = "A" }}]\n',
        1,
        "the archive lacks source",
    ),
    "an unknown scheme": (f'[[archive]]\n{GOOD}scheme = "opys1"\n', 1, "there is no scheme 'opys1'"),
    "a level without a name": (
        f'[[archive]]\n{GOOD}scheme = "own"\n[scheme.own]\nlevels = [{{ latin = ["f."] }}]\n',
        6,
        "the scheme lacks name",
    ),
    "a mark that is no list": (
        f'[[archive]]\n{GOOD}scheme = "own"\n[scheme.own]\nlevels = [{{ name = "a", latin = "f." }}]\n',
        6,
        "latin must be a list",
    ),
    "a side that is no table": (
        f'[[archive]]\n{GOOD}scheme = "own"\n[scheme.own]\nlevels = [{{ name = "a", leaf = true, verso = "v" }}]\n',
        6,
        "verso must be a table",
    ),
    "a shape that is none": (
        f'[[archive]]\n{GOOD}scheme = "own"\n[scheme.own]\nshape = "("\nlevels = [{{ name = "a" }}]\n',
        6,
        "shape is no regular expression",
    ),
    "a header of its own": (f'a = 1\n\n["MY"]\n{GOOD}', 3, "[MY] is no archive"),
    "a key for a shell": (
        '[[archive]]\nkey = "$(touch x)"\nsigla = ["A"]\nname = "A"\n',
        1,
        "'$(touch x)' cannot be the key of an archive",
    ),
    "a shape that takes for ever": (
        f'[[archive]]\n{GOOD}scheme = "own"\n[scheme.own]\nshape = "(a+)+b"\nlevels = [{{ name = "a" }}]\n',
        6,
        "shape repeats a group in which parts repeat",
    ),
    "a leaf in words": (
        f'[[archive]]\n{GOOD}scheme = "own"\n[scheme.own]\nlevels = [{{ name = "a", leaf = "yes" }}]\n',
        6,
        "leaf must be true or false",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_the_file_is_told_with_its_line(case: str, own: Path) -> None:
    text, line, message = WRONG[case]
    own.write_text(text, encoding="utf-8")
    with pytest.raises(CitekitError) as caught:
        with_own(own).all()
    assert caught.value.where is not None
    assert str(caught.value.where).split(":")[:2] == [str(own), *([str(line)] if line else [])]
    assert caught.value.message.startswith(message)


def test_an_unknown_scheme_is_told_with_the_nearest_one(own: Path) -> None:
    own.write_text(f'[[archive]]\n{GOOD}scheme = "opsy"\n', encoding="utf-8")
    with pytest.raises(CitekitError) as caught:
        with_own(own).get("ATTIC")
    assert "opys" in caught.value.hint


def test_a_key_that_a_shell_could_run_is_not_completed(own: Path) -> None:
    own.write_text('[[archive]]\nkey = "$(touch x)"\nsigla = ["A"]\nname = "A"\n', encoding="utf-8")
    assert with_own(own).keys() == shipped().keys()


def test_a_scheme_that_is_ours_may_be_copied(own: Path) -> None:
    shape = next(scheme.shape for scheme in shipped().schemes() if ")*" in scheme.shape)
    own.write_text(f"[scheme.own]\nshape = '''{shape}'''\nlevels = [{{ name = 'a' }}]\n", encoding="utf-8")
    assert with_own(own).schemes()[-1].shape == shape


def test_an_archive_that_nobody_asks_for_may_be_wrong(own: Path) -> None:
    own.write_text('[[archive]]\nkey = "ATTIC"\n', encoding="utf-8")
    assert with_own(own).get("RGASPI") == ARCHIVES["RGASPI"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf# nothing yet\r\n", b"\xef\xbb\xbf[x]\r\na = 1\r\n"])
def test_a_file_without_archives_changes_nothing(content: bytes, own: Path) -> None:
    own.write_bytes(content)
    assert with_own(own).all() == shipped().all()


def test_a_mark_of_no_words_is_none(own: Path) -> None:
    own.write_text(f'[[archive]]\n{GOOD}scheme = "x"\n[scheme.x]\nlevels = [{{ name = "a", latin = [] }}]\n', "utf-8")
    scheme = with_own(own).get("ATTIC").scheme
    assert format_mark(parse("5", scheme), scheme) == "5"
    assert parse("5", scheme).parts == (Part("a", "5"),)


def test_a_file_that_is_not_utf_8_is_named(own: Path) -> None:
    own.write_bytes("[[archive]]".encode("utf-16"))
    with pytest.raises(CitekitError, match="the file is not UTF-8") as caught:
        with_own(own)
    assert str(caught.value.where) == str(own)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot read .*: is a directory"):
        with_own(tmp_path)
