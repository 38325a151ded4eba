"""BibTeX and BibLaTeX: a record comes back as it was, and what other programs write is read whole.

The exports of `tests/cases/formats/records.toml` are kept beside it; `pytest --update-golden` writes them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from citekit import formats
from citekit.bibscan import scan
from citekit.bibtable import table_of
from citekit.errors import Issue, UsageError, Where
from citekit.exchange import ANY, Loss, Options
from citekit.record import Draft, Record
from citekit.tex import escape, in_ascii, one_line, people, plain, read_people, title
from tests.conftest import Run
from tests.shared import ROOT, compared
from tests.strategies import record_tables, ugly_text
from tests.test_formats import FIRST, SHELFMARK, one, pandoc, sample
from tests.test_record import good, read

CASES = ROOT / "tests" / "cases" / "formats"
DIALECTS = ("bibtex", "biblatex")
TARGETS = ("", "zotero", "better-bibtex", "jabref", "pandoc", "biblatex-chicago", "mendeley")
# Where TeX Live keeps bibliographies
INSTALLED = Path("/usr/share/texlive/texmf-dist/bibtex/bib")


def write(name: str, record: Record, options: Options = ANY) -> str:
    return formats.writer(name)([record], options).text


def drafts(text: str) -> list[Draft]:
    return formats.reader("bibtex")(text, "refs.bib")


def only(text: str) -> dict[str, Any]:
    (draft,) = drafts(text)
    assert draft.issue is None
    return dict(draft.table)


def recorded(table: dict[str, Any], key: str = "key") -> Record:
    record, _ = read(table)
    assert record is not None
    return (
        record
        if key == "key"
        else Record(**{name: getattr(record, name) for name in record.__match_args__} | {"key": key})
    )


def exact(value: Any) -> str:
    """The value with its types, its tables in one order."""
    if isinstance(value, dict):
        return repr(sorted((name, exact(part)) for name, part in value.items()))
    return repr([exact(part) for part in value]) if isinstance(value, list) else repr(value)


def fields(record: Record, name: str = "bibtex", options: Options = ANY) -> dict[str, str]:
    return dict(re.findall(r"^  ([\w-]+) = (.*),$", write(name, record, options), re.M))


ARCHIVAL: dict[str, Any] = {"location": [{"archive": "RGASPI", "fond": "558", "opis": "11"}]}


# There and back


@pytest.mark.parametrize("name", DIALECTS)
@settings(deadline=None)
@given(record_tables(), st.sampled_from(TARGETS))
def test_a_record_comes_back_as_it_was(name: str, table: dict[str, Any], target: str) -> None:
    record, options = recorded(table), Options(target)
    text = write(name, record, options)
    (draft,) = drafts(text)
    assert (draft.key, draft.issue, draft.line) == ("key", None, 1)
    assert exact(draft.table) == exact(table)
    assert write(name, recorded(dict(draft.table)), options) == text
    assert text.count("\n}\n") == 1


@pytest.mark.parametrize("name", DIALECTS)
@settings(deadline=None)
@given(record_tables())
def test_in_ascii_a_record_comes_back_or_its_letter_is_named(name: str, table: dict[str, Any]) -> None:
    try:
        text = write(name, recorded(table), Options(ascii=True))
    except UsageError as error:
        said = r"key: '.+' \(U\+[0-9A-F]{4,}( [A-Z0-9 -]+)?\) cannot be written in ASCII"
        assert re.fullmatch(said, error.message)  # noqa: PT017  it may be raised, and says then which letter
        return
    assert text.isascii()
    assert exact(only(text)) == exact(table)


@pytest.mark.parametrize("name", DIALECTS)
def test_all_samples_come_back_as_they_were_and_no_word_of_them_is_lost(name: str) -> None:
    written = formats.writer(name)(sample(), ANY)
    back = drafts(written.text)
    assert [(draft.key, exact(draft.table)) for draft in back] == [(one.key, exact(one.table)) for one in sample()]
    assert written.losses == ()


def test_what_is_changed_in_another_program_stays_changed() -> None:
    record = good({"date": date(1945, 11, 19), "classification": "Secret", "note": "Mine"} | ARCHIVAL)
    text = write("bibtex", record).replace("{{T}}", "{Another {Title}}").replace("f. 558", "f. 559")
    found = only(text.replace("  archive = ", "  translator = {Goldberg, Gary},\n  owner = {me},\n  archive = "))
    assert found == {
        "title": "Another Title",
        "date": date(1945, 11, 19),
        "classification": "Secret",
        "note": "Mine",
        "people": {"translator": ["Goldberg, Gary"]},
        "location": [{"archive": "RGASPI", "fond": "559", "opis": "11"}],
        "bibtex": {"entrytype": "unpublished", "owner": "me", "key": "T"},
    }


@pytest.mark.parametrize("name", DIALECTS)
def test_one_field_that_changes_is_one_line(name: str) -> None:
    before = {"title": "One", "abstract": "Long"} | ARCHIVAL
    lines = zip(*(write(name, good(table)).splitlines() for table in (before, before | {"title": "Two"})), strict=True)
    changed = [new.partition(" = ")[0].strip() for old, new in lines if old != new]
    assert changed == (["title", "key"] if name == "bibtex" else ["title"])


def test_a_field_that_citekit_did_not_write_is_told_and_kept() -> None:
    (draft,) = drafts("\n@misc{a, title = {A}, citekit = {[[}}")
    assert draft.table == {
        "type": "document",
        "title": "A",
        "bibtex": {"entrytype": "misc", "citekit": "[["},
    }
    assert draft.issue == Issue(
        "C041", "warning", "a: the field 'citekit' is not as citekit wrote it", Where("refs.bib", 2)
    )


def test_what_no_field_says_is_a_loss() -> None:
    record = good({"title_kind": "descriptive", "people": {"author": [{"name": "Doe, Jane", "native": "Доу"}]}})
    assert formats.writer("biblatex")([record], ANY).losses == (
        Loss("key", "people.author", "Доу"),
        Loss("key", "title_kind", "descriptive"),
    )


# As they stand in files


def cases() -> list[Record]:
    tables = tomllib.loads((CASES / "records.toml").read_text(encoding="utf-8"))
    return [recorded(table, key) for key, table in tables.items()]


def in_ascii_too() -> list[Record]:
    return [record for record in cases() if record.key not in ("letter-1950",)]


EXPORTS: dict[str, Callable[[], str]] = {
    "records.bib": lambda: formats.writer("bibtex")(cases(), ANY).text,
    "records.biblatex.bib": lambda: formats.writer("biblatex")(cases(), ANY).text,
    "records.ascii.bib": lambda: formats.writer("bibtex")(in_ascii_too(), Options(ascii=True)).text,
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_are_as_they_were_agreed_upon(name: str, pytestconfig: pytest.Config) -> None:
    compared(CASES / name, EXPORTS[name](), pytestconfig)
    tables = {record.key: exact(record.table) for record in cases()}
    assert all(exact(draft.table) == tables[draft.key] for draft in drafts((CASES / name).read_text(encoding="utf-8")))


def test_what_people_and_programs_write_is_read_as_by_hand() -> None:
    expected = tomllib.loads((CASES / "imports.toml").read_text(encoding="utf-8"))
    found = drafts((CASES / "imports.bib").read_text(encoding="utf-8"))
    assert [draft.issue for draft in found] == [None] * len(found)
    assert {draft.key: draft.table for draft in found} == expected


def installed() -> list[Path]:
    return sorted(INSTALLED.rglob("*.bib"))


@pytest.mark.parametrize(
    "name", ["biblatex/biblatex/biblatex-examples.bib", "jurabib/jbtest.bib", "beebe/texbook1.bib"]
)
def test_bibliographies_of_others_are_taken_whole(name: str) -> None:
    path = INSTALLED / name
    if not path.exists():
        pytest.skip(f"TeX Live's {name} is not installed (texlive-bibtex-extra, texlive-latex-extra)")
    text = path.read_bytes().decode("utf-8", "replace")
    found = drafts(text)
    marked = re.findall(r"^[ \t]*@(?!(?:string|comment|preamble|set|xdata)\b)\w+\s*[{(]", text, re.M | re.I)
    assert len(found) == len(marked)
    assert not [draft.issue for draft in found if draft.issue and draft.issue.level == "error"]
    records = [recorded(dict(draft.table), f"k{number}") for number, draft in enumerate(found)]
    for dialect in DIALECTS:
        written = formats.writer(dialect)(records, ANY).text
        back = [recorded(dict(draft.table), draft.key) for draft in drafts(written)]
        assert [one.table for one in back] == [one.table for one in records]
        assert formats.writer(dialect)(back, ANY).text == written


# What a record becomes


def test_bibtex_reaches_pandoc_whole() -> None:
    (record,) = (record for record in sample() if record.key == FIRST)
    (item,) = json.loads(pandoc("-f", "bibtex", "-t", "csljson", text=one("bibtex", record)))
    assert re.sub("[‘’]", "'", re.sub("</?span[^>]*>", "", item["title"])).startswith(
        "From the Journal of V.M. Molotov, 'The Reception"
    )
    assert item["issued"]["date-parts"] == [[1945, 11, 19]]
    assert item["author"] == [{"family": "Molotov", "given": "V. M."}]
    assert item["translator"] == [{"family": "Goldberg", "given": "Gary"}]
    assert item["URL"] == "https://wilson-center-digital-archive.dvincitest.com/document/208933"
    assert item["note"].startswith(
        f"RGASPI, {SHELFMARK}. Wilson Center Digital Archive. Contributed by Sergey Radchenko"
    )
    assert item["publisher"] == f"RGASPI, {SHELFMARK}"


def test_biblatex_reaches_pandoc_whole_and_for_pandoc_with_its_language() -> None:
    (record,) = (record for record in sample() if record.key == FIRST)
    text = write("biblatex", record, Options("pandoc"))
    (item,) = json.loads(pandoc("-f", "biblatex", "-t", "csljson", text=text))
    assert (item["publisher"], item["call-number"]) == (f"RGASPI, {SHELFMARK}",) * 2
    assert (item["language"], item["genre"], item["issued"]) == (
        "ru-RU",
        "Memorandum",
        {"date-parts": [[1945, 11, 19]]},
    )
    assert item["note"].startswith("Contributed by Sergey Radchenko and translated by Gary Goldberg")


def test_a_body_is_braced_twice_and_a_person_is_not() -> None:
    names = [
        "Ministry of Trade and Industry",
        "Doe, John and Jane",
        "King, Martin Luther, Jr.",
        {"family": "Mao", "given": "Zedong", "order": "family-first"},
        "others",
    ]
    assert fields(good({"people": {"author": names}}))["author"] == (
        "{{Ministry of Trade and Industry} and Doe, {John and Jane} and King, Jr., Martin Luther"
        " and {Mao Zedong} and others}"
    )


DATES = [
    ("1945-11-19", {"year": "{1945}", "month": "nov", "day": "{19}", "date": "{1945-11-19}"}),
    ("1946~", {"year": "{1946?}", "date": "{1946~}"}),
    ("1917-10-25/1917-11-07", {"year": "{1917}", "month": "oct", "day": "{25}", "date": "{1917-10-25/1917-11-07}"}),
    ("1946-22", {"year": "{1946}", "month": "{Summer}", "date": "{1946-22}"}),
    ("194X", {"year": "{194X}", "date": "{194X}"}),
]


@pytest.mark.parametrize(("edtf", "expected"), DATES, ids=[edtf for edtf, _ in DATES])
def test_bibtex_dates_agree(edtf: str, expected: dict[str, str]) -> None:
    written = fields(good({"date": edtf}))
    assert {name: written[name] for name in ("year", "month", "day", "date") if name in written} == expected
    assert fields(good({"date": edtf}), "biblatex")["date"] == f"{{{edtf}}}"


def test_better_bibtex_joins_no_dates_that_differ() -> None:
    written = fields(good({"date": "1950-01/1950-02"}), options=Options("better-bibtex"))
    assert {"year", "month"} & written.keys() == set()
    assert written["date"] == "{1950-01/1950-02}"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"date": "1946~"}, "Date: circa 1946"),
        ({"date": "1950-01/1950-02"}, "Date: January 1950 – February 1950"),
        ({"date": "1917-10-25", "calendar": "julian"}, "Date: 25 October/7 November 1917"),
        ({"date_note": "[no day]"}, "[no day]"),
        ({"people": {"recipient": ["Mao, Zedong"]}, "type": "letter"}, "Letter to Zedong Mao"),
    ],
)
def test_what_date_and_name_fields_cannot_say_is_in_the_note(table: dict[str, Any], said: str) -> None:
    note = fields(good(ARCHIVAL | table))["note"]
    assert note.startswith(f"{{RGASPI, f. 558, op. 11. {said}")


def test_programs_that_change_signs_and_case_get_them_as_they_keep_them() -> None:
    record = good({"title": "a <b>: and other"})
    assert fields(record)["title"] == "{a <b>: and other}"
    assert fields(record, options=Options("better-bibtex"))["title"] == "{a \\textless{}b\\textgreater{}: and other}"
    assert fields(record, options=Options("pandoc"))["title"] == "{a <b>: {and} other}"


def test_a_bare_siglum_is_long_enough_for_zotero() -> None:
    record = good({"location": [{"archive": "RGANI"}]})
    assert fields(record)["howpublished"] == "{RGANI (Russian State Archive of Contemporary History)}"
    assert only(write("bibtex", record))["location"] == [{"archive": "RGANI"}]


def test_a_note_never_begins_like_an_identifier_and_ends_without_a_stop() -> None:
    assert fields(good({"reprinted": [{"text": "MR Papers"}]}))["note"] == "{At: MR Papers}"


def test_one_file_for_both_prints_the_shelfmark_once() -> None:
    record, options = good(ARCHIVAL), Options("biblatex-chicago")
    assert write("bibtex", record, options).startswith("@misc{key,")
    written = fields(record, options=options)
    assert (written["howpublished"], written.get("note", "")) == ("{RGASPI, f. 558, op. 11}", "")


def test_biblatex_chicago_prints_a_contributor_only_as_the_credits_say() -> None:
    record = good(ARCHIVAL | {"people": {"contributor": ["Radchenko, Sergey"], "translator": ["Goldberg, Gary"]}})
    written = fields(record, "biblatex", Options("biblatex-chicago"))
    assert not {"editora", "editoratype"} & written.keys()
    assert written["note"] == "{Contributed by Sergey Radchenko and translated by Gary Goldberg}"
    assert only(write("biblatex", record, Options("biblatex-chicago"))) == record.table
    assert fields(record, "biblatex")["editora"] == "{Radchenko, Sergey}"


KINDS = [
    ("article-journal", "article", "article"),
    ("report", "techreport", "report"),
    ("thesis", "phdthesis", "thesis"),
    ("chapter", "incollection", "incollection"),
    ("webpage", "misc", "online"),
    ("dataset", "misc", "dataset"),
    ("blog", "misc", "unpublished"),
    ("", "misc", "misc"),
]


@pytest.mark.parametrize(("type_", "bibtex", "biblatex"), KINDS, ids=[kind or "none" for kind, *_ in KINDS])
def test_other_sources_have_the_kinds_of_their_dialect(type_: str, bibtex: str, biblatex: str) -> None:
    record = good({"type": type_} if type_ else {})
    assert write("bibtex", record).startswith(f"@{bibtex}{{key,")
    assert write("biblatex", record).startswith(f"@{biblatex}{{key,")


def test_a_kind_that_was_imported_is_kept_while_the_type_is_its_own() -> None:
    kept = {"type": "book", "bibtex": {"entrytype": "mvbook", "owner": "me"}}
    assert write("biblatex", good(kept)).startswith("@mvbook{")
    assert write("bibtex", good(kept)).startswith("@book{")
    assert write("biblatex", good(kept | {"type": "report"})).startswith("@report{")


def test_a_document_that_was_only_read_online_names_its_site() -> None:
    assert fields(good({"online": {"publisher": "Wilson Center"}}))["note"] == "{Wilson Center}"


def test_biblatex_has_no_field_that_its_kind_lacks() -> None:
    record = good({"type": "letter", "online": {"publisher": "Wilson Center"}})
    assert [*fields(record, "biblatex")] == ["title", "type", "addendum", "citekit"]
    page = good({"type": "webpage", "online": {"publisher": "Wilson Center", "url": "https://a.b"}})
    assert [*fields(page, "biblatex")] == ["title", "organization", "url"]


def test_keys_that_differ_only_in_case_are_refused() -> None:
    one, other = recorded({"title": "T"}, "Mao"), recorded({"title": "T"}, "mao")
    with pytest.raises(UsageError, match="the keys 'Mao' and 'mao' differ only in case"):
        formats.writer("bibtex")([one, other], ANY)


def test_languages_are_called_as_babel_calls_them() -> None:
    russian = {"language": "ru", "people": {"translator": ["Doe, J."]}} | ARCHIVAL
    assert fields(good(russian))["language"] == "{Russian}"
    found = fields(good(russian), "biblatex")
    assert (found["language"], found["origlanguage"], "langid" in found) == ("{russian}", "{russian}", False)
    assert fields(good(russian | {"title": "Телеграмма"}), "biblatex")["langid"] == "{russian}"
    assert fields(good({"language": "tlh"}))["language"] == "{tlh}"


# Text


HOSTILE = [
    ("\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}"),
    ("50% & $5 #1 a_b ~ ^", "50\\% \\& \\$5 \\#1 a\\_b \\textasciitilde{} \\textasciicircum{}"),
    ("a } b {", "a \\textbraceright{} b \\textbraceleft{}"),
    ("a\nb\x1b[0m\x00", "a b�[0m�"),
    ("e\u0301", "é"),
    ("Хрущёв «ёлка» — №5", "Хрущёв «ёлка» — №5"),
    ("a -- b ``c''", "a -{}- b `{}`c'{}'"),
]


@pytest.mark.parametrize(("text", "escaped"), HOSTILE)
def test_no_text_becomes_a_tex_command(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(ugly_text)
@example("a\\")
def test_text_is_read_back_as_one_line(text: str) -> None:
    assert plain(escape(text)) == plain(title(text)) == one_line(text)
    commands = r"\\(?:[&%$#_{}]|text(?:backslash|asciitilde|asciicircum|braceleft|braceright)\{\})"
    assert "\\" not in re.sub(commands, "", escape(text) + title(text))


@given(ugly_text)
def test_no_text_stops_the_reader(text: str) -> None:
    plain(text)
    read_people(text)
    table_of("misc", dict.fromkeys(("title", "note", "howpublished", "date", "year", "editora", "url", "pages"), text))
    for number, draft in enumerate(drafts(f"{text}\n@misc{{a, title = {{A}}}}")):
        assert number == 0 or draft.key == "a" or draft.issue


def test_every_word_with_a_capital_is_protected() -> None:
    assert (
        title("The KPSS, 'Secret', V.M. Молотов, o'Neill 5")
        == "{The} {KPSS}, '{Secret}', {V.M.} {Молотов}, {o'Neill} 5"
    )


def test_an_address_keeps_its_signs_but_ends_no_field() -> None:
    assert (
        fields(good({"online": {"url": "https://a.b/c_d?e=50%25#f}{\\x"}}))["url"]
        == "{https://a.b/c_d?e=50%25#f%7D%7B%5Cx}"
    )


def test_latin_letters_have_commands_in_ascii_and_others_are_named() -> None:
    assert in_ascii("Çetin, Łódź – “Øre”…", "k") == "{\\c{C}}etin, {\\L}{\\'{o}}d{\\'{z}} -- ``{\\O}re''..."
    assert plain(in_ascii("ÇŁóźøßæŠőąụċī", "k")) == "ÇŁóźøßæŠőąụċī"
    for letter in "ХșđếÞ«":
        with pytest.raises(UsageError, match=rf"k: '{letter}' \(U\+") as caught:
            in_ascii(f"a{letter}", "k")
        assert "--ascii" in caught.value.hint


READ = [
    ("{\\'E}tat {\\c c}a \\v{S} \\\"\\i{}x \\o re \\ss", "État ça Š ïx øre ß"),
    ("a~b -- c --- ``d'' \\& \\%", "a b – c — “d” & %"),
    ("\\emph{x} \\enquote{y} \\url{z}", "x “y” z"),
    ("$\\alpha_{2}$ \\foo{x}", "$\\alpha_{2}$ x"),
    ("5% of {NATO", "5% of NATO"),
    ("\\", "\\"),
]


@pytest.mark.parametrize(("source", "text"), READ)
def test_tex_is_read_as_letters(source: str, text: str) -> None:
    assert plain(source) == text


NAMES = [
    ("Molotov, V. M.", ["Molotov, V. M."]),
    ("V. M. Molotov and  Stalin", ["Molotov, V. M.", "Stalin"]),
    ("Ludwig van Beethoven", [{"family": "Beethoven", "given": "Ludwig", "particle": "van"}]),
    ("de la Cruz, Jr., Juan", [{"family": "Cruz", "given": "Juan", "particle": "de la", "suffix": "Jr."}]),
    ("{NKVD, Section 1} and {A and B}", [{"literal": "NKVD, Section 1"}, "A and B"]),
    ("a, b, c, d", [{"literal": "a, b, c, d"}]),
    ("family=Hasan, given=Ibn, prefix=al", [{"family": "Hasan", "given": "Ibn", "particle": "al"}]),
    ("{\\'E}mile {du Bois}", ["du Bois, Émile"]),
    (" and , and {}", []),
]


@pytest.mark.parametrize(("field", "names"), NAMES)
def test_names_are_read_by_the_rules_of_bibtex(field: str, names: list[Any]) -> None:
    assert read_people(field) == names


@given(st.lists(st.sampled_from(["Molotov, V. M.", "Сталин, И. В.", "NKVD", "CC and Co"]), min_size=1))
def test_names_come_back(names: list[str]) -> None:
    assert read_people(people(good({"people": {"author": names}}).people["author"])) == names


# Files


def test_what_is_no_entry_is_left_aside() -> None:
    junk = '% a@b.org\n@comment{@misc{x, title={X}}}\n@preamble{"\\newcommand"}\njunk '
    text = junk + '@string{m = "May"}\n@misc{a, month = m}'
    assert [(found.key, found.fields, found.line) for found in scan(text)] == [("a", {"month": "May"}, 5)]


ENTRIES = [
    ("@misc{a, title={A}} @misc{b}", [("a", {"title": "A"}), ("b", {})]),
    ("@misc\n(a, title={A(})", [("a", {"title": "A("})]),
    ('@Misc{a b, Title = {A} # " {"} " # 5,}', [("a b", {"title": 'A {"} 5'})]),
    ("@misc{a, title={A} year=1945}", [("a", {"title": "A", "year": "1945"})]),
    ("@misc{a,, title={A}, , year=1945}", [("a", {"title": "A", "year": "1945"})]),
    ("@misc{a, file={C:\\}, title={A}}", [("a", {"file": "C:\\", "title": "A"})]),
    ("@misc{a, x={b \\} c}, title={A}}", [("a", {"x": "b \\} c", "title": "A"})]),
    ('@misc{a, x="{", title={A}}', [("a", {"x": "{", "title": "A"})]),
    ("@misc{a, x=b, x=c, X=d}", [("a", {"x": "b", "x-2": "c", "x-3": "d"})]),
    ("@string{b = a # a}@string{a={1}}@misc{a, x=b # c # a}", [("a", {"x": "aac1"})]),
]


@pytest.mark.parametrize(("text", "entries"), ENTRIES)
def test_entries_are_cut_as_bibtex_cuts_them(text: str, entries: list[Any]) -> None:
    assert [(found.key, found.fields) for found in scan(text)] == entries


BROKEN = [
    ("@misc{bad, title={Bad}\n@misc{two}", "it is not closed"),
    ("@misc{bad, title={Bad\n@misc{two}", "a brace is not closed"),
    ('@misc{bad, title="Bad\n@misc{two}', "a quotation mark is not closed"),
    ("@misc{title={Bad}}\n@misc{two}", "there is no comma behind its key"),
    ("@misc{bad, {x}}\n@misc{two}", "'{x}}' is no field"),
    ("@misc{bad, x=}\n@misc{two}", "a field has no value"),
]


@pytest.mark.parametrize(("text", "why"), BROKEN)
def test_a_broken_entry_is_told_with_its_line_and_the_rest_is_read(text: str, why: str) -> None:
    first, second = drafts(f"\n\n{text}")
    assert first.issue == Issue("C040", "error", f"an entry was left out: {why}", Where("refs.bib", 3))
    assert (second.key, second.issue, second.line) == ("two", None, 4)


def test_a_field_that_stands_twice_is_told_and_both_are_kept() -> None:
    (draft,) = drafts("@misc{a, title={A}, title={B}}")
    assert draft.table == {"type": "document", "title": "A", "bibtex": {"entrytype": "misc", "title-2": "B"}}
    assert draft.issue
    assert (draft.issue.level, draft.issue.message) == (
        "warning",
        "a: the field 'title' stands in it twice; the first one counts, both are kept",
    )


def test_strings_of_strings_do_not_fill_the_memory() -> None:
    doubled = "".join(f"@string{{s{n + 1} = s{n} # s{n}}}\n" for n in range(60))
    (draft,) = drafts(f"@string{{s0 = {{0123456789}}}}\n{doubled}@misc{{a, title = s60}}")
    assert len(draft.table["title"]) < 200_000


SAID = [
    ({"date": "1949", "year": "1950"}, {"date": "1949", "bibtex": {"entrytype": "misc", "year": "1950"}}),
    ({"year": "1949", "month": "{11}", "day": "3"}, {"date": date(1949, 11, 3)}),
    ({"year": "1949", "month": "Nov.", "day": "3"}, {"date": date(1949, 11, 3)}),
    ({"year": "1949--1950"}, {"date": "1949/1950"}),
    ({"year": "1949", "month": "oct/nov"}, {"date": "1949-10/1949-11"}),
    ({"year": "1949", "month": "x"}, {"bibtex": {"entrytype": "misc", "year": "1949", "month": "x"}}),
    ({"date": "1949-02-30"}, {"bibtex": {"entrytype": "misc", "date": "1949-02-30"}}),
    ({"year": "forthcoming"}, {"bibtex": {"entrytype": "misc", "year": "forthcoming"}}),
    ({"editor": "A, B", "editortype": "compiler"}, {"people": {"compiler": ["A, B"]}}),
    ({"editora": "A, B"}, {"bibtex": {"entrytype": "misc", "editora": "A, B"}}),
    ({"langid": "ngerman", "language": "German"}, {"language": "de"}),
    ({"language": "Chuvash"}, {"language": "Chuvash"}),
    ({"title": "Who?", "subtitle": "{Me}"}, {"title": "Who? Me"}),
    ({"archive": "APRF", "note": "APRF, f. 45. Copy"}, {"location": [{"archive": "APRF"}], "note": "f. 45. Copy"}),
    ({"archivelocation": "f. 45, op. 1"}, {"location": [{"fond": "45", "opis": "1"}]}),
]


@pytest.mark.parametrize(("entry", "expected"), SAID, ids=[" ".join(entry) for entry, _ in SAID])
def test_fields_are_read_as_far_as_they_are_understood(entry: dict[str, str], expected: dict[str, Any]) -> None:
    found = table_of("misc", dict(entry))
    assert found == {"type": "document"} | expected if "location" not in expected else found == expected


NOT_READ = [
    {"howpublished": "Personal communication"},
    {"note": "Self-published, 2nd ed., box 5"},
    {"volume": "12"},
    {"howpublished": "Lecture Notes 371/2"},
    {"note": "f. 5"},
]


@pytest.mark.parametrize("entry", NOT_READ)
def test_what_is_not_surely_a_shelfmark_stays_where_it_stood(entry: dict[str, str]) -> None:
    found = table_of("misc", dict(entry))
    assert "location" not in found
    assert next(iter(entry.values())) in json.dumps(found)


def test_what_an_entry_has_from_others_is_put_into_it() -> None:
    text = (
        "@xdata{x, publisher={P}}\n@collection{c, title={C}, editor={E, E}, xdata={x}}\n"
        "@incollection{i, crossref={C}, title={I}}\n@periodical{p, title={P}}\n@article{a, crossref={p}}"
    )
    found = {draft.key: draft.table for draft in drafts(text)}
    assert found["i"]["published"] == {"container": "C", "publisher": "P"}
    assert found["i"]["people"] == {"editor": ["E, E"]}
    assert found["c"]["published"] == {"publisher": "P"}
    assert [*found] == ["c", "i", "p", "a"]
    assert found["a"]["published"] == {"container": "P"}
    assert not any("xdata" in table.get("bibtex", {}) for table in found.values())


@pytest.mark.parametrize(
    ("others", "said", "left"),
    [
        ("@xdata{x, publisher={P}}", "1 entry that is no document was left aside: 'x' (@xdata)", ""),
        (
            "@xdata{X, publisher={P}, xdata={y}} @xdata{y, xdata={x}, address={Q}} @set{s, entryset={a,b}}",
            "3 entries that are no documents were left aside: 'X' (@xdata), 'y' (@xdata), 's' (@set)",
            "",
        ),
        (
            "@xdata{x, publisher={P}} @xdata{z, title={Z}}",
            "2 entries that are no documents were left aside: 'x' (@xdata), 'z' (@xdata); "
            "nothing has the fields of 'z'",
            "",
        ),
        ("@misc{x, publisher={P}, title={X}}", "", ""),
        ("", "", "x"),
    ],
)
def test_what_only_holds_fields_for_others_is_no_record(others: str, said: str, left: str) -> None:
    draft, *_ = found = drafts(f"@book{{b, title={{T}}, xdata={{x}}}}\n{others}")
    assert [one.key for one in found] == ["b", *(["x"] if "@misc" in others else [])]
    assert (draft.issue.message if draft.issue else "") == said
    assert draft.issue is None or (draft.issue.level, draft.issue.where.line) == ("warning", 2)
    assert draft.table.get("bibtex", {}).get("xdata", "") == left
    printed = draft.table.get("published", {})
    assert printed == ({} if left else {"publisher": "P"} | ({"place": "Q"} if "Q" in others else {}))


def test_what_was_left_aside_is_said_beside_what_else_is_wrong() -> None:
    draft, *_ = drafts("@book{b, title={T}, title={T}}\n@set{s, entryset={b}}")
    assert draft.issue
    assert draft.issue.message.endswith("both are kept; 1 entry that is no document was left aside: 's' (@set)")
    (draft,) = drafts("@xdata{x, publisher={P}")
    assert draft.issue
    assert draft.issue.level == "error"


THESES = [
    ("@phdthesis{k, school={Harvard}, %s}", "(PhD diss., Harvard, 1999)", "[PhD thesis]. Harvard"),
    ("@mastersthesis{k, school={Yale}, %s}", "(master’s thesis, Yale, 1999)", "[Master’s thesis]. Yale"),
    ("@thesis{k, institution={Yale}, type={phdthesis}, %s}", "(PhD diss., Yale, 1999)", "[PhD thesis]. Yale"),
    ("@phdthesis{k, school={MGU}, type={Candidate}, %s}", "(Candidate, MGU, 1999)", "[Candidate]. MGU"),
    ("@techreport{k, institution={RAND}, number={RM-5}, %s}", ", RM-5 (RAND, 1999)", "(RM-5). RAND"),
    (
        "@report{k, institution={RAND}, type={techreport}, number={RM-5}, %s}",
        ", technical report RM-5 (RAND",
        "(Technical Report RM-5). RAND",
    ),
    ("@misc{k, howpublished={Typescript}, %s}", " Typescript, 1999", ". Typescript"),
    ("@misc{k, howpublished={\\emph{Typescript}}, %s}", "“T,” 1999.", "(1999). T."),
]


@pytest.mark.parametrize(("entry", "chicago", "apa"), THESES)
def test_which_thesis_report_or_typescript_it_is_is_printed(
    entry: str, chicago: str, apa: str, run: Run, library: Path
) -> None:
    assert run("import", "-", "--from", "bibtex", stdin=entry % "author={Doe, Jane}, title={T}, year=1999").code == 0
    assert chicago in run("cite", "k").stdout
    assert apa.casefold() in run("bib", "k", "-s", "apa").stdout.casefold()
    again = run("export", "k", "--to", "csl-json").stdout
    before = tomllib.loads((library / "records" / "k.toml").read_text())
    assert run("import", "-", "--on-conflict", "replace", stdin=again).code == 0
    assert tomllib.loads((library / "records" / "k.toml").read_text()) == before
