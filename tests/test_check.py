"""`check` finds every fault of a broken library in its place, no other, and mends only what is plainly wrong."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import check as checking
from citekit.check import right
from citekit.cli.check import annotated
from citekit.edits import EditError, spans, statements, value_at
from citekit.errors import ChangedError, Issue, Where
from citekit.library import Library
from citekit.store import Store
from tests.conftest import Run, Write
from tests.shared import ROOT
from tests.strategies import ugly_text

CASES = ROOT / "tests" / "cases" / "broken-library"
FINDINGS = (CASES / "findings.txt").read_text(encoding="utf-8").splitlines()
CODES = "C001 C002 C003 C004 C005 C006 C007 C008 C009 C011 C012".split()
CHECKS = "C020 C021 C022 C023 C024 C025 C026 C030 C031 C032 C033".split()


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the broken library, one file a fault, and the working directory."""
    folder = tmp_path / "broken"
    shutil.copytree(CASES, folder, ignore=shutil.ignore_patterns("findings.txt"))
    monkeypatch.chdir(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every record with its bytes."""
    return {path.name: path.read_bytes() for path in sorted((folder / "records").glob("*.toml")) if path.is_file()}


# What is found


def test_every_fault_is_found_in_its_place_and_nothing_else(run: Run, broken: Path) -> None:
    outcome = run("check")
    assert outcome.stdout.replace(f"{broken}/", "").splitlines() == FINDINGS
    errors = sum(": error " in line for line in FINDINGS)
    number = len([*(broken / "records").glob("[!.]*.toml")]) - 1  # one has no key
    assert outcome.stderr == f"{errors} errors, {len(FINDINGS) - errors} warnings in {number} records\n"
    assert outcome.code == 4


def test_the_broken_library_has_one_file_a_fault_and_a_good_one_for_each_check() -> None:
    found = [re.fullmatch(r"records/(C\d+)[^:]*\.toml[:\d]*: (?:error|warning) (C\d+): .+", line) for line in FINDINGS]
    pairs = [(match[1], match[2]) for match in found if match]
    assert len(pairs) == len(FINDINGS)
    assert all(named == code for named, code in pairs)
    assert {code for _, code in pairs} == {*CODES, *CHECKS}
    names = {path.stem for path in (CASES / "records").iterdir()}
    assert {name for name in names if name.startswith("good-")} == {f"good-{code}" for code in CHECKS}
    faulty = {name for name in names if not name.startswith("good-")}
    assert faulty == {line[len("records/") : line.index(".toml")] for line in FINDINGS}


def test_each_check_says_its_code_in_its_first_line() -> None:
    said = [str(one.__doc__)[:5] for one in checking.CHECKS]
    assert said == [f"{code}:" for code in (*CHECKS[:7], "C033", "C030", "C031", "C032", "C034", "C035")]


def test_the_sample_records_have_no_error_and_only_former_names_of_an_archive(run: Run, library: Path) -> None:
    hint = (
        "warning C021: 'MOL' is a former name: National Archives of Hungary (Magyar Országos Levéltár), MOL (–2012) "
        "(the archive is MNL OL, National Archives of Hungary)"
    )
    assert run("check") == (
        0,
        f"records/report-1955-02-26.toml:10:11: {hint}\nrecords/report-1977-11-03.toml:11:11: {hint}\n",
        "0 errors, 2 warnings in 24 records\n",
    )


def test_keys_that_differ_only_in_case_are_found_also_of_records_that_are_not_good(run: Run, write: Write) -> None:
    one, two = write("Stalin-1949", 'title = "One"\n'), write("stalin-1949", "title =")
    if one.samefile(two):
        pytest.skip("this file system takes the two for one")
    outcome = run("check", "Stalin-1949", "stalin-1949")
    hint = "(`citekit rename` gives one of them another key)"
    assert outcome.stdout.splitlines() == [
        f"records/Stalin-1949.toml: warning C034: the key differs from stalin-1949 only in case {hint}",
        f"records/stalin-1949.toml: warning C034: the key differs from Stalin-1949 only in case {hint}",
        "records/stalin-1949.toml:1:8: error C001: not TOML: invalid value",
    ]


def test_of_many_copies_each_names_three_and_counts_the_others(run: Run, write: Write) -> None:
    for number in range(5):
        write(f"copy-{number}", 'title = "The same"\n')
    lines = [line for line in run("check").stdout.splitlines() if "C031" in line]
    said = "title and date are those of copy-{}, copy-{}, copy-{} and 1 more too"
    assert lines[0].endswith(said.format(1, 2, 3))
    assert lines[1].endswith(said.format(0, 2, 3))
    assert lines[4].endswith(said.format(0, 1, 2))


def test_the_same_place_twice_in_one_record_is_no_duplicate(run: Run, write: Write) -> None:
    place = '[[location]]\narchive = "RGASPI"\nfond = "1"\nlist = "5"\n'
    write("twice", f'title = "Twice"\n{place}{place}')
    assert run("check", "twice").stdout == ""


def test_a_name_of_two_alphabets_is_named_with_its_letter(run: Run, write: Write) -> None:
    write("a", 'title = "Хрущëв, ПАPИЖ and MOСCOW"\n')
    line = (
        "records/a.toml:1:9: warning C022: 'Хрущëв' mixes Latin and Cyrillic letters (ë is latin small letter e with "
    )
    assert run("check", "a").stdout == f"{line}diaeresis) ('Хрущёв' in one alphabet)\n"


# Which records


def test_named_records_are_checked_alone_but_against_all_others(run: Run, broken: Path) -> None:
    outcome = run("check", "C032-one", "good-C020")
    assert outcome.stdout.splitlines() == [line for line in FINDINGS if line.startswith("records/C032-one")]
    assert (outcome.code, outcome.stderr) == (0, "0 errors, 1 warning in 2 records\n")


@pytest.mark.parametrize("key", ["C001-not-utf-8", "C001-no-toml", "C012-a-folder"])
def test_a_named_record_that_cannot_be_read_is_a_finding(run: Run, broken: Path, key: str) -> None:
    outcome = run("check", key)
    assert outcome.stdout.replace(f"{broken}/", "").splitlines() == [line for line in FINDINGS if key in line]
    assert (outcome.code, outcome.stderr) == (4, "1 error, 0 warnings in 1 record\n")


def test_a_key_that_is_not_there_is_named_with_the_nearest(run: Run, broken: Path) -> None:
    outcome = run("check", "C032-on")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert "error: no record 'C032-on'" in outcome.stderr
    assert "hint: did you mean C032-one" in outcome.stderr


def test_a_key_that_is_not_there_hides_no_finding(run: Run, broken: Path) -> None:
    outcome = run("check", "C032-on", "C032-one", "a/b")
    assert outcome.stdout.splitlines() == [line for line in FINDINGS if line.startswith("records/C032-one")]
    assert outcome.code == 1
    assert "error: no record 'C032-on'" in outcome.stderr
    assert outcome.stderr.endswith("0 errors, 1 warning in 1 record\n")
    assert json.loads(run("check", "C032-one", "C032-on", "--json").stderr.splitlines()[0])["error"]["exit"] == 1


@pytest.mark.parametrize("now", [None, b"title = ", b"\xff"], ids=["gone", "broken", "no text"])
def test_a_record_that_goes_while_it_is_checked_has_a_place_without_a_line(
    now: bytes | None, library: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a", 'title = "T"\nlanguge = "ru"\n')
    opened = Library.open(library)
    loaded = opened.records()
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    monkeypatch.setattr(Library, "records", lambda *_: loaded)
    (issue, *_) = checking.check(opened, datetime.date(2026, 1, 1))
    assert (issue.code, str(issue.where)) == ("C020", str(path))


# Exit codes


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        ('title = "T"', (), 0),
        ('title = "T"', ("--strict",), 0),
        ('x = "T"', (), 0),
        ('x = "T"', ("--strict",), 4),
        ("title = 1.5", (), 4),
        ("title = 1.5", ("--json",), 4),
        ("title = 1.5", ("--format", "github"), 4),
        ('title = "T"', ("--format", "jsn"), 2),
    ],
)
def test_the_exit_code_says_whether_there_are_errors(
    run: Run, write: Write, text: str, arguments: tuple[str, ...], code: int
) -> None:
    write("a", text)
    assert run("check", "a", *arguments).code == code


def test_an_unknown_format_is_named_with_the_nearest(run: Run, library: Path) -> None:
    assert run("check", "--format", "jsn") == (2, "", "error: no format 'jsn'\nhint: did you mean json?\n")


# Forms


def test_json_says_the_same_with_what_can_be_mended(run: Run, broken: Path) -> None:
    found = json.loads(run("check", "--json").stdout)

    def line(one: dict[str, Any]) -> str:
        place = ":".join(str(one[name]) for name in ("path", "line", "column") if name in one)
        hint = f" ({one['hint']})" if "hint" in one else ""
        return f"{place}: {one['level']} {one['code']}: {one['message']}{hint}".replace(f"{broken}/", "")

    assert [line(one) for one in found] == FINDINGS
    mendable = [(one["code"], one["line"]) for one in found if one.get("fixable")]
    assert mendable == [("C022", 2), ("C022", 9), ("C026", 1)]
    assert json.loads(run("check", "--format", "json").stdout) == found


def test_github_shows_each_finding_beside_its_line(run: Run, broken: Path) -> None:
    lines = run("check", "--format", "github").stdout.splitlines()
    assert len(lines) == len(FINDINGS)
    assert lines[1] == "::error file=records/C001-no-toml.toml,line=3,col=12,title=C001::not TOML: invalid value"
    (nameless,) = [line for line in lines if "C011" in line]
    assert nameless.startswith("::error file=records/C011 a name that is no key.toml,title=C011::'C011 a name")


def test_github_is_not_told_other_commands() -> None:
    where = Where("a,b:c%\n::error::x.toml", 2, 3)
    issue = Issue("C033", "warning", "100% empty\r\n::error::no", where, "a, b: c")
    assert annotated(issue) == (
        "::warning file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax.toml,line=2,col=3,title=C033"
        "::100%25 empty  ::error::no (a, b: c)"
    )


def test_github_sees_no_diff_for_its_lines_could_be_commands(run: Run, write: Write) -> None:
    write("a", 'title = "Mолотов"\nabstract = """\n::error::no\n"""\n')
    assert run("check", "a", "--fix", "--format", "github").stdout == ""
    assert run("check", "a").stdout == ""


# Mending

MENDED = """\
--- a/records/C022-two-alphabets.toml
+++ b/records/C022-two-alphabets.toml
@@ -1,9 +1,9 @@
 title = "A letter of 22"
 abstract = \"""
 The first line,
-the second of Mолотов.
+the second of Молотов.
 \"""   # his own hand
 \n\
 [people]
 author = ["Good, A.",   # Mолотов here too
-  { family = "Cталин", given = "I. V." }]
+  { family = "Сталин", given = "I. V." }]
--- a/records/C026-not-nfc.toml
+++ b/records/C026-not-nfc.toml
@@ -1,4 +1,4 @@
-title = "A le\u0301tter of 26 c"
+title = "A l\u00e9tter of 26 c"
 \n\
 [online]
 url = "https://example.org/cafe\u0301"
"""


def test_a_fix_changes_only_the_letters_that_are_wrong(run: Run, broken: Path) -> None:
    before = contents(broken)
    shown = run("check", "--fix", "--dry-run")
    assert contents(broken) == before
    assert shown.stdout.replace(f"{broken}/", "") == MENDED + "".join(f"{line}\n" for line in FINDINGS)
    done = run("check", "--fix")
    left = [line for line in FINDINGS if "two-alphabets" not in line and "not-nfc.toml:1" not in line]
    assert done.stdout.replace(f"{broken}/", "") == MENDED + "".join(f"{line}\n" for line in left)
    after = contents(broken)
    changed = [name for name in after if after[name] != before[name]]
    assert changed == ["C022-two-alphabets.toml", "C026-not-nfc.toml"]
    again = run("check", "--fix")
    assert again.stdout.replace(f"{broken}/", "").splitlines() == left
    assert contents(broken) == after


def test_what_is_left_after_a_fix_is_said_once(run: Run, library: Path, write: Write) -> None:
    write("a", 'title = "T"\n[[location]]\narchive = "XYZ"\nfond = "5"\nnote = "Mолотов"\n')
    for options in (("--dry-run",), ()):
        outcome = run("check", "a", "--fix", *options)
        assert (outcome.stdout + outcome.stderr).count("archive 'XYZ' is not in the registry") == 1
        assert outcome.stderr == f"0 errors, {2 if options else 1} warning{'s' * len(options)} in 1 record\n"


def test_a_fix_of_named_records_leaves_the_others(run: Run, broken: Path) -> None:
    before = contents(broken)
    run("check", "C026-not-nfc", "--fix")
    assert [name for name, text in contents(broken).items() if text != before[name]] == ["C026-not-nfc.toml"]


def test_a_letter_that_is_written_as_an_escape_is_mended_by_its_value(run: Run, write: Write) -> None:
    path = write("a", 'title = "\\u004dолотов"   # said so\ntags = ["Mолотов", "Xрущёв"]\n')
    outcome = run("check", "a", "--fix")
    assert path.read_text(encoding="utf-8") == 'title = "Молотов"   # said so\ntags = ["Молотов", "Хрущёв"]\n'
    assert outcome.code == 0
    assert run("check", "a").stdout == ""


def test_two_faults_of_one_value_are_mended_together(run: Run, write: Write) -> None:
    path = write("a", 'title = "Mолотов, cafe\u0301"\r\n')
    assert len(run("check", "a").stdout.splitlines()) == 2
    run("check", "a", "--fix")
    assert path.read_bytes() == 'title = "Молотов, café"\r\n'.encode()


def test_what_was_changed_meanwhile_is_not_mended(library: Path, write: Write) -> None:
    path = write("a", 'title = "Mолотов"\nnote = "Cталин"\nnumber = "Kиев"\n')
    opened = Library.open(library)
    found = [issue for issue in checking.check(opened, datetime.date.today(), ["a"]) if issue.fix]
    path.write_text('title = "Mикоян"\nnumber = "Kиев"\n', encoding="utf-8")
    changes, errors = checking.mend(opened, found)
    assert (len(changes), errors) == (1, [])
    assert path.read_text(encoding="utf-8") == 'title = "Mикоян"\nnumber = "Киев"\n'


def test_a_change_that_would_disturb_other_lines_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise EditError("no")

    monkeypatch.setattr(checking, "edited", refuse)
    text = 'title = "\\u004dолотов"\n'
    assert checking._mending({("title",): "Молотов"})(text) == text


def test_a_record_that_cannot_be_mended_stops_no_other(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a", 'title = "Mолотов"\n')
    path = write("b", 'title = "Mолотов b"\n')
    change = Store.change

    def changed(self: Store, key: str, *rest: Any, **named: Any) -> Any:
        if key == "a":
            raise ChangedError("records/a.toml changed since it was read; nothing was written")
        return change(self, key, *rest, **named)

    monkeypatch.setattr(Store, "change", changed)
    outcome = run("check", "a", "b", "--fix")
    assert path.read_text(encoding="utf-8") == 'title = "Молотов b"\n'
    assert outcome.code == 6
    assert "error: records/a.toml changed since it was read" in outcome.stderr
    assert outcome.stdout.splitlines()[-1].startswith("records/a.toml:1:9: warning C022")


ALPHABETS = [
    ("Mолотов", "Молотов"),
    ("МOSCOW", "MOSCOW"),
    ("ЦК КПCC", "ЦК КПСС"),
    ("ТАСC", "ТАСС"),
    ("СC", "СC"),  # as many of the one as of the other
    ("Mолоtов", "Mолоtов"),  # t is Latin only, л Cyrillic only
    ("Р-9478, P-9478", "Р-9478, P-9478"),
    ("Хрущëв", "Хрущёв"),
    ("Хрущe\u0308в", "Хрущёв"),
]


@pytest.mark.parametrize(("text", "expected"), ALPHABETS)
def test_a_word_is_written_in_the_alphabet_that_only_some_of_its_letters_have(text: str, expected: str) -> None:
    assert right(text) == expected


@given(st.one_of(ugly_text, st.text("MМoоCСлtë\u0308 -1"), st.text()))
def test_what_is_right_stays(text: str) -> None:
    mended = right(text)
    assert right(mended) == mended
    assert unicodedata.is_normalized("NFC", mended)


# Places

NESTED = '''\
"odd key" = 1
a.b = [1, [2, "x#,]"], # two
  { "c d".e = 'f', g = [] }, ]
[people]
author = ["X", {name = "Y"}]
[[location]]
fond = """
"5" """
'''
PLACES = {
    ("odd key",): "1",
    ("a",): '[1, [2, "x#,]"], # two\n  { "c d".e = \'f\', g = [] }, ]',
    ("a", "b"): '[1, [2, "x#,]"], # two\n  { "c d".e = \'f\', g = [] }, ]',
    ("a", "b", 0): "1",
    ("a", "b", 1): '[2, "x#,]"]',
    ("a", "b", 1, 0): "2",
    ("a", "b", 1, 1): '"x#,]"',
    ("a", "b", 2): "{ \"c d\".e = 'f', g = [] }",
    ("a", "b", 2, "c d", "e"): "'f'",
    ("a", "b", 2, "g"): "[]",
    ("people",): "people",
    ("people", "author"): '["X", {name = "Y"}]',
    ("people", "author", 0): '"X"',
    ("people", "author", 1): '{name = "Y"}',
    ("people", "author", 1, "name"): '"Y"',
    ("location",): "location",
    ("location", 0): "location",
    ("location", 0, "fond"): '"""\n"5" """',
}


def test_every_value_has_its_place_in_lists_and_inline_tables_too() -> None:
    assert {at: NESTED[slice(*span)] for at, span in spans(NESTED).items()} == PLACES


@pytest.mark.parametrize("path", sorted((ROOT / "records").glob("*.toml")), ids=lambda path: path.stem)
def test_in_the_samples_every_place_holds_its_value(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    values = {statement.path for statement in statements(text) if statement.value}
    for at, (start, end) in spans(text).items():
        if any(at[: len(value)] == value for value in values):
            assert tomllib.loads(f"x = {text[start:end]}")["x"] == value_at(tomllib.loads(text), at)
