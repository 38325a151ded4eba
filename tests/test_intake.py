"""`add` and `import`: every entry is taken whole or told why not, and the same again changes nothing."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit import formats, intake, mapping
from citekit.errors import Issue, Where, did_you_mean
from citekit.library import Library
from citekit.record import Draft, Record
from citekit.store import Store
from tests.conftest import Outcome, Run, Write
from tests.shared import ROOT

TOML = 'type = "letter"\ntitle = "Letter"   # mine\n'
CSL = '[{"id": "letter", "type": "manuscript", "genre": "letter", "title": "Letter"}]'
BIBTEX = "@letter{letter,\n  title = {Letter}\n}\n"
TABLE = {"type": "letter", "title": "Letter"}
NEW = 'type = "letter"\ntitle = "Letter"\n'


@pytest.fixture
def empty(nowhere: Path) -> Path:
    """A library without records, and the working directory."""
    (nowhere / "records").mkdir()
    return nowhere


def held(folder: Path) -> dict[str, dict[str, Any]]:
    """What the records of a library hold, by key."""
    files = sorted((folder / "records").glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}


def items(*found: Mapping[str, Any]) -> str:
    return json.dumps(found)


# Where it comes from

FORMS = {"letter.toml": TOML, "letter.json": CSL, "letter.bib": BIBTEX, "letter.txt": BIBTEX, "letter": CSL}


@pytest.mark.parametrize("command", ["add", "import"])
@pytest.mark.parametrize("name", FORMS)
def test_a_file_is_read_by_its_name_or_its_first_signs(run: Run, empty: Path, name: str, command: str) -> None:
    Path(name).write_text(FORMS[name], encoding="utf-8")
    assert run(command, name).code == 0
    assert held(empty) == {"letter": TABLE}


@pytest.mark.parametrize("command", ["add", "import"])
@pytest.mark.parametrize("text", [TOML, CSL, BIBTEX, "\ufeff" + CSL, "% refs\n" + BIBTEX, CSL[1:-1], " [ " + CSL[1:]])
def test_standard_input_is_read_by_its_first_signs(run: Run, empty: Path, text: str, command: str) -> None:
    assert run(command, "-", stdin=text).code == 0
    assert held(empty) == {"letter": TABLE}


@pytest.mark.parametrize(
    "text",
    [TOML, 'title = "Letter"', CSL, CSL[1:-1], BIBTEX, "%\n" + BIBTEX, f'title = "Letter"\nnote = "{"x" * 500}"'],
)
def test_a_text_is_added_as_it_was_pasted(run: Run, empty: Path, text: str) -> None:
    assert run("add", text).code == 0
    assert held(empty)["letter"]["title"] == "Letter"


def test_a_text_that_is_too_long_for_a_file_name_is_a_text(run: Run, empty: Path) -> None:
    assert run("add", f'title = "{"x " * 500}"', "--key", "long").code == 0
    assert held(empty) == {"long": {"title": "x " * 500}}


@pytest.mark.parametrize("name", ["letter=1.toml", "a b.toml"])
def test_a_file_whose_name_could_be_a_text_is_a_file(run: Run, empty: Path, name: str) -> None:
    Path(name).write_text(TOML, encoding="utf-8")
    assert run("add", name).code == 0
    assert held(empty) == {"letter": TABLE}


SIGNS = {
    "bibtex": ["@book{x}", "\n % refs\n@book{x}"],
    "csl-json": ['{"id": 1}', '[{"id": 1}]', " [\n {", "[]"],
    "csl-yaml": ["references:\n- id: x\n", "---\nreferences:\n", "- id: x\n  type: book\n", "references: []\n"],
    "ris": ["TY  - JOUR\nER  - \n", "\n\nTY - BOOK", "Provider: X\nContent: text/plain\n\n\nTY  - JOUR\n"],
    "csv": ["key,type,title\n", '"Key","Item Type","Publication Year"\n"A","book"', "id;title\n", "key\ttitle\tdate\n"],
    "toml": ['title = "x"', "[people]", "[[location]]", '# mine\n"title" = "x"'],
    "citation": [
        "Title, Date, RGASPI, f. 17, op. 1",
        "References: see RGASPI, f. 17",
        "- RGASPI, f. 17, op. 1, d. 2",
        "Type - Letter of Molotov, RGASPI, f. 17",
    ],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SIGNS.items() for text in texts])
def test_a_text_tells_its_format_by_its_first_signs(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in formats.READ:
        monkeypatch.setitem(formats.NAMES, one, formats.NAMES.get(one, ""))
    assert intake.format_of(text) == name


def test_a_file_is_never_read_in_a_format_that_is_only_written() -> None:
    assert set(intake.SUFFIXES.values()) <= set(intake.FORMATS)
    assert set(formats.readable()) <= set(intake.FORMATS)


CITATION = (
    '"Letter to Moscow", July 4, 1949, Wilson Center Digital Archive, RGASPI, f. 558, op. 11, d. 328, ll. 32-50. '
    "Translated by Gary Goldberg. <https://digitalarchive.wilsoncenter.org/document/999002>"
)
CITED = {
    "title": "Letter to Moscow",
    "date": datetime.date(1949, 7, 4),
    "people": {"translator": ["Goldberg, Gary"]},
    "location": [{"archive": "RGASPI", "fond": "558", "opis": "11", "delo": "328", "list": "32-50"}],
    "online": {
        "publisher": "Wilson Center Digital Archive",
        "id": "999002",
        "url": "https://digitalarchive.wilsoncenter.org/document/999002",
    },
}


@pytest.mark.parametrize("text", [CITATION, CITATION.replace(", ", ",\n"), f"\n  {CITATION}\n\n"])
def test_a_citation_is_added_as_it_was_pasted(run: Run, empty: Path, text: str) -> None:
    for arguments in (("add", text), ("add", "-"), ("add", "-", "--from", "citation")):
        outcome = run(*arguments, stdin=text)
        assert outcome.code == 0
        assert held(empty) == {"letter-1949-07-04": CITED}


def test_a_shelfmark_from_a_footnote_is_a_record_with_a_warning(run: Run, empty: Path) -> None:
    outcome = run("add", "РГАСПИ. Ф. 82. Оп. 2. Д. 1234. Лл. 1–3", "--key", "footnote")
    assert outcome.code == 0
    assert "warning C008: the record has no title" in outcome.stderr
    levels = {"fond": "82", "opis": "2", "delo": "1234", "list": "1–3"}
    assert held(empty) == {"footnote": {"location": [{"archive": "РГАСПИ", **levels}]}}


def test_citations_are_parted_by_empty_lines(run: Run, empty: Path) -> None:
    two = f"{CITATION}\n\n{CITATION.replace('999002', '999003').replace('Letter', 'Cable')}"
    assert run("add", two).code == 0
    assert [*held(empty)] == ["cable-1949-07-04", "letter-1949-07-04"]


def test_what_is_no_citation_is_said_and_what_is_half_of_one_too(run: Run, empty: Path) -> None:
    outcome = run("add", "hello there")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("-: error: 'hello there' is no citation that can be read\n")
    outcome = run("add", "xyzzy 5 ?!, RGASPI, f. 17", "--dry-run")
    assert outcome.code == 0
    assert outcome.stderr.startswith("not understood: xyzzy 5")


def test_a_document_that_is_there_by_its_address_is_not_added_twice(run: Run, empty: Path) -> None:
    (empty / "records" / "mine.toml").write_text(
        'title = "Mine"\n[online]\nurl = "http://www.digitalarchive.wilsoncenter.org/document/999002/"\n',
        encoding="utf-8",
    )
    said = "mine is this document: it has the same address; with --key it is added besides\n"
    assert run("add", CITATION) == (0, "", said)
    shown = run("add", CITATION, "--dry-run", "--json")
    assert json.loads(shown.stdout)["title"] == "Letter to Moscow"
    assert json.loads(shown.stderr) == {"note": said.rstrip()}
    assert [*held(empty)] == ["mine"]
    assert run("add", CITATION, "--key", "second").stderr == ""
    assert [*held(empty)] == ["mine", "second"]


@pytest.mark.parametrize("name", ["reception.md", "reception.txt", "reception.html"])
@pytest.mark.parametrize("command", ["add", "import"])
def test_a_page_is_added_from_a_file_and_from_standard_input(run: Run, empty: Path, name: str, command: str) -> None:
    page = ROOT / "tests" / "cases" / "pages" / name
    assert run(command, str(page)).code == 0
    wanted = tomllib.loads(page.with_suffix(".toml").read_text(encoding="utf-8"))
    assert held(empty) == {"ivantsov-1947-03-03": wanted}
    (empty / "records" / "ivantsov-1947-03-03.toml").unlink()
    assert run(command, "-", stdin=page.read_text(encoding="utf-8")).code == 0
    assert held(empty) == {"ivantsov-1947-03-03": wanted}


def test_records_are_shown_as_json_where_that_is_asked_for(run: Run, empty: Path) -> None:
    one = run("add", BIBTEX, "--json")
    assert json.loads(one.stdout) == {"key": "letter", **TABLE}
    two = run("add", items({"id": "a", "title": "A"}, {"id": "b", "title": "B"}), "--json", "--dry-run")
    assert [(record["key"], record["title"]) for record in json.loads(two.stdout)] == [("a", "A"), ("b", "B")]


def test_toml_is_taken_with_its_comments_and_other_formats_in_our_order(run: Run, empty: Path) -> None:
    run("add", TOML, "--key", "one")
    run("add", BIBTEX, "--key", "two")
    assert (empty / "records" / "one.toml").read_text(encoding="utf-8") == TOML
    assert (empty / "records" / "two.toml").read_text(encoding="utf-8") == NEW


def test_add_shows_the_new_record_as_a_diff_and_import_a_line_an_entry(run: Run, empty: Path) -> None:
    diff = '--- /dev/null\n+++ b/records/letter.toml\n@@ -0,0 +1,2 @@\n+type = "letter"\n+title = "Letter"\n'
    assert run("add", BIBTEX, "--dry-run") == (0, diff, "")
    assert run("import", "-", "--dry-run", stdin=BIBTEX) == (0, f"added letter\n{diff}", "1 added\n")
    assert held(empty) == {}
    assert run("add", BIBTEX) == (0, diff, "")
    assert run("add", BIBTEX) == (0, "", "letter is there already, with the same text\n")
    assert run("import", "-", stdin=BIBTEX) == (0, "unchanged letter\n", "1 unchanged\n")


@pytest.mark.parametrize(
    ("options", "said"), [((), "interrupted; so far: 2 added\n"), (("--dry-run",), ""), (("--quiet",), "")]
)
def test_an_import_that_is_interrupted_says_what_it_has_written(
    run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    create = Store.create

    def interrupted(store: Store, key: str, *rest: Any, **more: Any) -> Any:
        if key == "c":
            raise KeyboardInterrupt
        return create(store, key, *rest, **more)

    monkeypatch.setattr(Store, "create", interrupted)
    text = items(*({"id": key, "title": key} for key in "abcd"))
    assert run("import", "-", *options, stdin=text) == (130, "", said)
    assert [*held(empty)] == ([] if "--dry-run" in options else ["a", "b"])


def test_nothing_is_taken_from_nothing(run: Run, empty: Path) -> None:
    assert run("import", "-", "--from", "bibtex", stdin="\n") == (0, "", "nothing to take in\n")
    assert run("import", "-", stdin="[]") == (0, "", "nothing to take in\n")


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\n", "# letter\n"])
@pytest.mark.parametrize("command", [("add",), ("add", "-"), ("add", ""), ("import", "-"), ("add", "--from", "toml")])
def test_an_empty_text_makes_no_record(run: Run, empty: Path, text: str, command: tuple[str, ...]) -> None:
    assert run(*command, stdin=text) == (2, "", "-: error: nothing to take in\n")
    assert held(empty) == {}


@pytest.mark.parametrize("command", ["add", "import"])
def test_what_describes_no_document_makes_no_record(run: Run, empty: Path, command: str) -> None:
    shutil.copy(ROOT / "README.md", "readme.md")
    outcome = run(command, "readme.md")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("readme.md: error: no page of a document: ")
    shutil.copy(ROOT / "pyproject.toml", "pyproject.toml")
    assert run(command, "pyproject.toml") == (
        2,
        "",
        "pyproject.toml: error: no field of a record is in it, only build-system, project, tool\n"
        "hint: a record has fields like title, date, [people] and [[location]]\n",
    )
    Path("page.md").write_text("Original Language:\nRussian\n", encoding="utf-8")
    said = "page.md: error: no document is described in it, only language, online is said\n"
    assert run(command, "page.md") == (2, "", said)
    assert held(empty) == {}


@pytest.mark.parametrize("command", ["add", "import"])
def test_an_empty_file_makes_no_record(run: Run, empty: Path, command: str) -> None:
    Path("letter.toml").touch()
    assert run(command, "letter.toml") == (2, "", "letter.toml: error: nothing to take in\n")
    assert held(empty) == {}


def test_adding_no_entry_is_said(run: Run, empty: Path) -> None:
    assert run("add", "[]") == (2, "", "error: nothing to take in\n")


def test_the_terminal_is_told_what_may_be_pasted(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citekit.cli._changes.may_ask", lambda _: True)
    outcome = run("add", stdin=BIBTEX)
    assert (
        outcome.stderr == "Paste a citation, a page, TOML, CSL-JSON or BibTeX; end with Ctrl-D on a line of its own.\n"
    )
    assert held(empty) == {"letter": TABLE}


# Keys


def doe(**fields: Any) -> dict[str, Any]:
    item = {"type": "letter", "title": "On the Front", "author": [{"family": "Doe", "given": "J."}]}
    return item | {"issued": {"date-parts": [[1946, 2]]}} | fields


KEYS = [
    ({}, "doe-1946-02"),
    ({"id": ""}, "doe-1946-02"),
    ({"id": 7}, "7"),
    ({"id": "http://zotero.org/users/1/items/A"}, "doe-1946-02"),
    ({"id": "../../etc/passwd"}, "doe-1946-02"),
    ({"id": "NUL"}, "doe-1946-02"),
    ({"id": "ключ"}, "doe-1946-02"),
    ({"id": "x" * 201}, "doe-1946-02"),
    ({"id": "x", "author": []}, "x"),
    ({"author": []}, "front-1946-02"),
    ({"author": [], "title": "", "issued": None}, "record"),
    ({"author": [{"literal": "ЦК КПСС"}]}, "tsk-1946-02"),
]


@pytest.mark.parametrize(("fields", "key"), KEYS, ids=[str(fields) for fields, _ in KEYS])
def test_a_key_that_is_none_is_proposed_by_author_or_title_and_date(
    run: Run, empty: Path, fields: dict[str, Any], key: str
) -> None:
    run("import", "-", stdin=items(doe(**fields)))
    assert [*held(empty)] == [key]


def test_proposed_keys_get_letters_and_the_same_again_is_unchanged(run: Run, empty: Path) -> None:
    text = items(*(doe(title=f"Letter {number}") for number in range(28)), doe(title="Letter 3"))
    letters = ["", *(f"-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), "-aa"]
    keys = [f"doe-1946-02{letter}" for letter in letters]
    lines = "".join(f"added {key}\n" for key in keys)
    dry = told(run("import", "-", "--dry-run", stdin=text))
    assert dry == (0, f"{lines}unchanged {keys[3]}\n", "28 added, 1 unchanged\n")
    assert run("import", "-", stdin=text) == dry
    before = held(empty)
    assert before.keys() == {*keys}
    again = run("import", "-", stdin=text)
    assert again.stdout == "".join(f"unchanged {key}\n" for key in [*keys, keys[3]])
    assert run("add", items(doe(title="Letter 3"))).stderr == f"{keys[3]} is there already, with the same text\n"
    assert held(empty) == before


def test_records_of_one_proposed_key_are_read_once(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = items(*(doe(title=f"Letter {number}") for number in range(40)))
    run("import", "-", stdin=text)
    opened: list[str] = []
    read = Store.read

    def counting(self: Store, key: str) -> str:
        opened.append(key)
        return read(self, key)

    monkeypatch.setattr(Store, "read", counting)
    assert run("import", "-", stdin=text).stderr == "40 unchanged\n"
    assert sorted(opened) == sorted(held(empty))


@pytest.mark.parametrize("command", [("import", "-"), ("check", "--fix")], ids=["import", "check --fix"])
def test_the_folder_is_listed_no_oftener_for_more_records(
    run: Run, empty: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[Path] = []
    scandir = os.scandir

    def counting(folder: Path) -> Any:
        listed.append(folder)
        return scandir(folder)

    numbers = []
    monkeypatch.setattr(os, "scandir", counting)
    for count in (2, 40):
        text = items(
            *({"id": f"{command[0]}-{count}-{number}", "title": f"Mолотов {number}"} for number in range(count))
        )
        if command[0] == "check":
            run("import", "-", stdin=text)
        listed.clear()
        outcome = run(*command, stdin=text)
        assert (outcome.code, outcome.stdout.count("\n") >= count) == (0, True)
        numbers.append(len(listed))
    assert numbers[0] == numbers[1]


def test_the_letters_are_those_that_mapping_tries() -> None:
    taken: list[str] = []
    for _, spelling in zip(range(800), intake._spellings("key"), strict=False):
        assert spelling == mapping.free_key("key", taken)
        taken.append(spelling)


def test_a_key_option_names_the_one_record(run: Run, empty: Path) -> None:
    assert run("add", BIBTEX, "--key", "mine").code == 0
    assert held(empty) == {"mine": TABLE}
    assert run("add", items(doe(), doe()), "--key", "two") == (2, "", "error: --key names one record, here are 2\n")
    outcome = run("add", BIBTEX, "--key", "../x")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "error: '../x' cannot be the key of a record" in outcome.stderr
    assert held(empty) == {"mine": TABLE}


def test_a_toml_file_that_is_no_key_gets_one(run: Run, empty: Path) -> None:
    Path("my letter (copy).toml").write_text(TOML, encoding="utf-8")
    assert run("import", "my letter (copy).toml").stdout == "added letter (my letter (copy))\n"


# Conflicts

HERE = 'title = "Here"\n'
UPDATED = {"title": "Letter", "type": "letter"}
CONFLICTS = {
    "error": (2, "failed letter\n", {"letter": {"title": "Here"}}),
    "skip": (0, "skipped letter\n", {"letter": {"title": "Here"}}),
    "replace": (0, "replaced letter\n", {"letter": TABLE}),
    "update": (0, "updated letter\n", {"letter": UPDATED}),
    "rename": (0, "added letter-a (letter)\n", {"letter": {"title": "Here"}, "letter-a": TABLE}),
}


def told(outcome: Outcome) -> Outcome:
    """What a dry run says without the diffs that it shows."""
    lines = outcome.stdout.splitlines(keepends=True)
    said = [line for line in lines if re.match("(?:added|updated|replaced|unchanged|skipped|failed) ", line)]
    return outcome._replace(stdout="".join(said))


@pytest.mark.parametrize("how", CONFLICTS)
def test_where_a_key_is_taken_the_option_says_what_is_done(run: Run, empty: Path, how: str) -> None:
    (empty / "records" / "letter.toml").write_text(HERE, encoding="utf-8")
    code, said, after = CONFLICTS[how]
    dry = told(run("import", "-", "--on-conflict", how, "--dry-run", stdin=BIBTEX))
    assert held(empty) == {"letter": {"title": "Here"}}
    outcome = run("import", "-", "--on-conflict", how, stdin=BIBTEX)
    assert (outcome.code, outcome.stdout) == (code, said) == (dry.code, dry.stdout)
    assert held(empty) == after
    again = run("import", "-", "--on-conflict", how, stdin=BIBTEX)
    assert held(empty) == after
    unchanged = dict.fromkeys(("replace", "update"), "unchanged letter\n") | {"rename": "unchanged letter-a (letter)\n"}
    assert again.stdout == unchanged.get(how, said)


def test_a_conflict_names_the_entry_its_place_and_the_ways_out(run: Run, empty: Path) -> None:
    (empty / "records" / "letter.toml").write_text(HERE, encoding="utf-8")
    Path("refs.bib").write_text("\n% x\n" + BIBTEX, encoding="utf-8")
    assert run("import", "refs.bib").stderr == (
        "1 failed\nrefs.bib:3: error: letter: the key 'letter' is taken\n    @letter{letter,\n"
        "hint: --on-conflict skip, rename, update or replace\n"
    )
    # add has no such option
    assert run("add", "title = 'Other'", "--key", "letter").stderr == (
        "-: error: letter: the key 'letter' is taken\n"
        "hint: --key gives it another one; `citekit import --on-conflict update` changes the record there\n"
    )


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ("error", 2, "failed Letter\n"),
        ("replace", 2, "failed Letter\n"),
        ("skip", 0, "skipped letter (Letter)\n"),
        ("rename", 0, "added Letter-a (Letter)\n"),
    ],
)
def test_a_key_that_differs_only_in_case_is_a_conflict(run: Run, empty: Path, how: str, code: int, said: str) -> None:
    (empty / "records" / "letter.toml").write_text(HERE, encoding="utf-8")
    outcome = run("import", "-", "--on-conflict", how, stdin=BIBTEX.replace("{letter", "{Letter"))
    assert (outcome.code, outcome.stdout) == (code, said)
    if code:
        assert "hint: keys must differ in more than case" in outcome.stderr
    assert held(empty)["letter"] == {"title": "Here"}


@pytest.mark.parametrize(("how", "what"), [("error", "failed"), ("replace", "replaced")])
def test_a_record_that_cannot_be_read_is_a_conflict_too(run: Run, empty: Path, how: str, what: str) -> None:
    path = empty / "records" / "letter.toml"
    path.write_text("title = \n", encoding="utf-8")
    assert run("import", "-", "--on-conflict", how, stdin=BIBTEX).stdout == f"{what} letter\n"
    assert path.read_text(encoding="utf-8") == (NEW if how == "replace" else "title = \n")


def test_an_entry_twice_in_one_file_is_a_conflict_with_itself(run: Run, empty: Path) -> None:
    text = '[{"id": "a", "title": "One"},\n {"id": "a", "title": "Two"},\n {"id": "a", "title": "One"}]'
    outcome = run("import", "-", stdin=text)
    assert (outcome.code, outcome.stdout) == (1, "added a\nfailed a\nunchanged a\n")
    assert outcome.stderr.startswith("1 added, 1 unchanged, 1 failed\n-:2: error: a: the key 'a' is taken\n")
    renamed = run("import", "-", "--on-conflict", "rename", stdin=text)
    assert renamed.stdout == "unchanged a\nadded a-a (a)\nunchanged a\n"
    assert {key: table["title"] for key, table in held(empty).items()} == {"a": "One", "a-a": "Two"}


@pytest.mark.parametrize("how", CONFLICTS)
def test_a_dry_run_says_what_a_real_one_does_with_an_entry_twice_in_one_file(run: Run, empty: Path, how: str) -> None:
    text = items(*({"id": "a", "title": title} for title in ("One", "Two", "One", "Three")))
    dry = told(run("import", "-", "--on-conflict", how, "--dry-run", stdin=text))
    assert held(empty) == {}
    assert run("import", "-", "--on-conflict", how, stdin=text) == dry
    three = {"a": "Three"}
    last = {"replace": three, "update": three, "rename": {"a": "One", "a-a": "Two", "a-b": "Three"}}.get(
        how, {"a": "One"}
    )
    assert {key: table["title"] for key, table in held(empty).items()} == last


@pytest.mark.parametrize("text", ["e\u0301", "\u00e9"])
def test_the_same_in_another_normal_form_is_unchanged(run: Run, empty: Path, text: str) -> None:
    run("import", "-", stdin=BIBTEX.replace("Letter", "caf\u00e9"))
    assert run("import", "-", stdin=BIBTEX.replace("Letter", f"caf{text}")).stdout == "unchanged letter\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--on-conflict", "renam"),
            "error: no way 'renam' to solve a conflict\nhint: did you mean rename or replace?\n",
        ),
        (
            ("--on-conflict", "x"),
            "error: no way 'x' to solve a conflict\nhint: one of error, skip, rename, update, replace\n",
        ),
        (("--from", "bibtx"), f"error: no format 'bibtx'\nhint: {did_you_mean('bibtx', intake.FORMATS)}\n"),
        (("--from", "9"), f"error: no format '9'\nhint: one of {', '.join(intake.FORMATS)}\n"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_read(
    run: Run, empty: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert run("import", "missing.bib", *arguments) == (2, "", said)


# What is new goes into the record that is there

MINE = """\
# checked against the original
title = "Letter"   # as the archive has it
type = "letter"
date = 1949-07-04

[people]
translator = [
  {name = "Goldberg, Gary", for = "CWIHP"},  # by mail
]

[[location]]
archive = "RGASPI"
fond = "558"
opis = "11"
delo = "328"
list = "32-50"
"""
NEWS = {
    "id": "letter",
    "type": "manuscript",
    "genre": "letter",
    "title": "Letter to Moscow",
    "issued": {"date-parts": [[1949, 7, 4]]},
    "translator": [{"family": "Goldberg", "given": "Gary"}],
    "archive": "RGASPI",
    "archive_location": "f. 558, op. 11, d. 328",
    "abstract": "In short.",
}


def test_an_update_takes_what_is_new_and_leaves_every_other_byte(run: Run, empty: Path) -> None:
    path = empty / "records" / "letter.toml"
    path.write_text(MINE, encoding="utf-8")
    wanted = MINE.replace('"Letter"   #', '"Letter to Moscow"   #').replace(
        "date = 1949-07-04\n", 'date = 1949-07-04\nabstract = "In short."\n'
    )
    dry = run("import", "-", "--on-conflict", "update", "--dry-run", stdin=items(NEWS))
    assert path.read_text(encoding="utf-8") == MINE
    assert dry.stdout == (
        "updated letter\n--- a/records/letter.toml\n+++ b/records/letter.toml\n@@ -1,7 +1,8 @@\n"
        ' # checked against the original\n-title = "Letter"   # as the archive has it\n'
        '+title = "Letter to Moscow"   # as the archive has it\n type = "letter"\n date = 1949-07-04\n'
        '+abstract = "In short."\n \n [people]\n translator = [\n'
    )
    outcome = run("import", "-", "--on-conflict", "update", stdin=items(NEWS))
    assert outcome == (0, "updated letter\n", "1 updated\n")
    assert path.read_text(encoding="utf-8") == wanted
    again = run("import", "-", "--on-conflict", "update", stdin=items(NEWS))
    assert again == (0, "unchanged letter\n", "1 unchanged\n")


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_two_updates_of_one_record_follow_each_other(run: Run, empty: Path, dry: tuple[str, ...]) -> None:
    (empty / "records" / "letter.toml").write_text('title = "Letter"\n', encoding="utf-8")
    text = items(
        {"id": "letter", "type": "document", "title": "Letter", "abstract": "A"},
        {"id": "letter", "type": "document", "title": "New"},
        {"id": "letter", "type": "document", "title": "New", "abstract": "A"},
    )
    outcome = told(run("import", "-", "--on-conflict", "update", *dry, stdin=text))
    assert outcome.stdout == "updated letter\nupdated letter\nunchanged letter\n"


def test_an_update_that_would_disturb_other_lines_is_told(run: Run, empty: Path) -> None:
    path = empty / "records" / "letter.toml"
    path.write_text('title = "Letter"\n[location]\narchive = "RGASPI"\n', encoding="utf-8")
    two = 'title = "Letter"\n[[location]]\narchive = "RGASPI"\n[[location]]\narchive = "GARF"\n'
    Path("letter.toml").write_text(two, encoding="utf-8")
    outcome = run("import", "letter.toml", "--on-conflict", "update")
    assert (outcome.code, outcome.stdout) == (2, "failed letter\n")
    assert "letter.toml: error: letter: location.2: there is no entry 2" in outcome.stderr
    assert path.read_text(encoding="utf-8") == 'title = "Letter"\n[location]\narchive = "RGASPI"\n'


# Documents that are there already


def test_a_document_that_is_there_under_another_key_is_pointed_out_and_taken(run: Run, library: Path) -> None:
    same = {
        "id": "mine",
        "title": "Journal of Molotov",
        "archive": "RGASPI",
        "archive_location": "f. 558, op. 11, d. 98, ll. 160-163",
    }
    page = {"id": "page", "title": "A Page", "URL": "http://digitalarchive.wilsoncenter.org/document/208933"}
    said = (
        "mine may be molotov-harriman-1945-11-19: the shelfmark RGASPI f. 558, op. 11, d. 98, ll. 160-163 is the same"
    )
    for dry in (("--dry-run",), ()):
        outcome = run("import", "-", *dry, stdin=items(same, page))
        assert outcome.code == 0
        assert f"{said}\n" in outcome.stderr
        assert "page may be molotov-harriman-1945-11-19: the address is the same\n" in outcome.stderr
        assert outcome.stderr.endswith("2 added\n")
    assert {"mine", "page"} <= held(library).keys()
    assert run("import", "-", stdin=items(same, page)).stderr == "2 unchanged\n"
    assert (
        "may be" not in run("import", "-", "--quiet", "--on-conflict", "rename", stdin=items(same | {"id": "x"})).stderr
    )


def test_two_entries_of_one_document_in_one_file_are_pointed_out_once(run: Run, empty: Path) -> None:
    mark = {"archive": "RGASPI", "archive_location": "f. 558, op. 11, d. 98, l. 1", "URL": "https://x.org/1"}
    outcome = run("import", "-", stdin=items({"id": "a", "title": "A"} | mark, {"id": "b", "title": "B"} | mark))
    assert outcome.stderr == "b may be a: the shelfmark RGASPI f. 558, op. 11, d. 98, l. 1 is the same\n2 added\n"


# One bad entry among good ones


def test_one_bad_entry_stops_no_other_and_is_named_with_its_place(run: Run, empty: Path) -> None:
    Path("a.json").write_text(
        '[\n  {"id": "one", "title": "One"},\n  {"id": "bad", "title": "D\\ud800"},\n  7,\n'
        '  {"id": "two",\n   "title": "Two"}\n]',
        encoding="utf-8",
    )
    Path("b.toml").write_text('title = "B"\ndate = "1949-13"\n', encoding="utf-8")
    Path("c.bib").write_text("@misc{c,\n title = {C}}\n", encoding="utf-8")
    outcome = run("import", "a.json", "b.toml", "missing.bib", "c.bib")
    assert (outcome.code, [*held(empty)]) == (1, ["c", "one", "two"])
    assert outcome.stdout == "added one\nfailed bad\nfailed a.json:4\nadded two\nfailed b\nadded c\n"
    assert outcome.stderr == (
        "3 added, 3 failed\n"
        "error: cannot read missing.bib: no such file or directory\n"
        "a.json:3: error C040: bad: it holds half of a letter, U+D800\n"
        '      {"id": "bad", "title": "D\\ud800"},\n'
        "a.json:4: error C040: item 3 is no object\n      7,\n"
        'b.toml:2:14: error C003: date "1949-13" has no month 13\n'
        '    date = "1949-13"\n                 ^\n'
        "    hint: write 1945-11-19, 1945-11, 1945, 1946~ (about), 1955? (uncertain) or 1917-10-25/1917-11-07\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "stdout", "place"),
    [
        ("a.bib", "@misc{a, title={A}}\n\n@misc{open, title={unclosed\n@misc{c, title={C}}\n", "open", "a.bib:3"),
        ("a.bib", "@misc{a, title={A}}\n@misc{, title={unclosed\n@misc{c, title={C}}\n", "a.bib:2", "a.bib:2"),
        ("a.json", '{ "items": [{"id": "a", "title": "A"},\n\n[5],{"id": "c", "title": "C"}]}', "a.json:3", "a.json:3"),
        ("a.yaml", "references:\n- id: a\n  title: A\n- 5\n- id: c\n  title: C\n", "a.yaml:4", "a.yaml:4"),
        ("a.csv", 'key,title\na,A\n"b,B\nc,C\n', "a.csv:3:1", "a.csv:3:1"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_by_its_key_or_its_line(
    run: Run, empty: Path, name: str, text: str, stdout: str, place: str
) -> None:
    Path(name).write_text(text, encoding="utf-8")
    outcome = run("import", name)
    assert (outcome.code, [*held(empty)]) == (1, ["a", "c"])
    assert outcome.stdout == f"added a\nfailed {stdout}\nadded c\n"
    assert f"{place}: error C040: " in outcome.stderr


@pytest.mark.parametrize("command", ["add", "import"])
def test_an_entry_that_makes_no_good_record_is_named_with_its_line_in_the_file(
    run: Run, empty: Path, command: str
) -> None:
    Path("refs.json").write_text(
        '[{"id": "fine", "title": "Fine"},\n{"id": "bad", "title": "Bad", "archive": "NA"}]', encoding="utf-8"
    )
    outcome = run(command, "refs.json")
    assert (outcome.code, [*held(empty)]) == (1, ["fine"])
    assert "refs.json:2: error C006: bad: 'NA' is the siglum of several archives" in outcome.stderr


def test_add_ends_with_the_code_of_the_one_error(run: Run, empty: Path) -> None:
    assert run("add", items({"id": "bad", "title": "Bad", "archive": "NA"})).code == 3
    assert run("add", 'date = "1949-13"').code == 3
    (empty / "records" / "a.toml").write_text(HERE, encoding="utf-8")
    assert run("add", items({"id": "a", "title": "Other"})).code == 2


@pytest.mark.parametrize("command", ["add", "import"])
def test_an_entry_that_was_read_in_part_is_taken_and_warned_of_with_its_line(
    run: Run, empty: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(text: str, path: str) -> list[Draft]:
        kept = Issue("C041", "warning", "a: the field 'citekit' is kept as it stands", Where(path, 2))
        return [Draft("a", {"title": "A"}, kept), Draft("b", {"title": "B", "date": "1949-13"}, line=7)]

    monkeypatch.setattr("citekit.formats.csl_json.read", read)
    outcome = run(command, "-", "--from", "csl-json", stdin="[]")
    assert (outcome.code, held(empty)) == (1, {"a": {"title": "A"}})
    assert "-:2: warning C041: a: the field 'citekit' is kept as it stands\n" in outcome.stderr
    assert '-:7: error C003: b: date "1949-13" has no month 13\n' in outcome.stderr


# Bad files

BROKEN = [
    ("bad.json", b'[\n {"id": "x",\n  "title" "y"}]', "bad.json:3:11: error: not JSON: Expecting ':' delimiter"),
    ("bad.json", b"", "bad.json:1:1: error: not JSON: Expecting value"),
    ("bad.json", b"7", "bad.json:1:1: error: CSL-JSON is an object or an array of objects"),
    ("bad.json", b"[" * 100_000, "bad.json:1:1: error: not JSON that can be read: nested too deep"),
    (
        "bad.json",
        b'[{"id": "x", "volume": ' + b"9" * 5000 + b"}]",
        "bad.json: error: not csl-json that can be read: Exceeds the limit",
    ),
    ("bad.toml", b'title = "x"\nlanguage = ru\n', "bad.toml:2:12: error: not TOML: invalid value"),
    ("bad.toml", b"x = " + b"[" * 5000, "bad.toml: error: not TOML that can be read: nested too deep"),
    ("bad.bib", b"Dear colleague,", "bad.bib: error: there is no entry in it"),
    *(
        (f"bad.{suffix}", b"\n caf\xe9", f"bad.{suffix}:2:5: error: byte 0xe9 is not UTF-8")
        for suffix in ("toml", "json", "bib")
    ),
]


def test_an_item_that_is_nested_too_deep_is_left_out(run: Run, empty: Path) -> None:
    deep = '{"id": "x", "custom": ' + "[" * 900 + "]" * 900 + "}"
    outcome = run("import", "-", stdin=f'[{deep}, {{"id": "y", "title": "Y"}}]')
    assert outcome.code == 1
    assert "C040: item 1 is nested too deep" in outcome.stderr
    assert list(held(empty)) == ["y"]


@pytest.mark.parametrize("command", ["add", "import"])
@pytest.mark.parametrize(("name", "content", "said"), BROKEN, ids=[said[:60] for *_, said in BROKEN])
def test_a_broken_file_is_refused_with_its_place(
    run: Run, empty: Path, name: str, content: bytes, said: str, command: str
) -> None:
    Path(name).write_bytes(content)
    outcome = run(command, name)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert said in outcome.stderr
    assert held(empty) == {}


def test_a_folder_cannot_be_taken_in(run: Run, empty: Path) -> None:
    assert run("import", "records") == (7, "", "error: cannot read records: it is a folder\n")


BAD_ENTRIES = [
    ("@misc{one, title={One}}\n@misc{bad, title={Bad}\n@misc{two, title={Two}}\n", 2),
    ("@misc{one, title={One}}\n@misc{two, title={Two}}\n@misc{one, title={Again}}\n", 3),
]


@pytest.mark.parametrize(("text", "line"), BAD_ENTRIES)
def test_a_broken_bibtex_entry_is_left_out_with_its_line(run: Run, empty: Path, text: str, line: int) -> None:
    Path("refs.bib").write_text(text, encoding="utf-8")
    outcome = run("import", "refs.bib")
    assert outcome.code == 1
    assert f"refs.bib:{line}: error" in outcome.stderr
    assert {key: table["title"] for key, table in held(empty).items()} == {"one": "One", "two": "Two"}


# Hostile input


def test_strings_that_name_each_other_are_kept_as_they_stand(run: Run, empty: Path) -> None:
    text = '@string{a = b}\n@string{b = a}\n@misc{k, title = a # " and " # b, note = nobody}\n'
    assert run("import", "-", stdin=text).code == 0
    assert held(empty)["k"]["note"] == "nobody"


def test_control_characters_are_kept_escaped_and_warned_of(run: Run, empty: Path) -> None:
    title = "a\x1b[31m\x00\x7f b\r\n\tc \"\"\" ''' \\"
    outcome = run("import", "-", stdin=items({"id": "c", "title": title}))
    assert held(empty)["c"]["title"] == title
    assert "\x1b" not in outcome.stderr + (empty / "records" / "c.toml").read_text(encoding="utf-8")
    assert "warning C009: title holds a control character" in outcome.stderr


@pytest.mark.parametrize("depth", [40, 61, 450])
def test_what_is_nested_deeper_than_records_may_be_is_left_out(run: Run, empty: Path, depth: int) -> None:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    outcome = run("import", "-", stdin=items({"id": "deep", "title": "D", "custom": value}, {"id": "b", "title": "B"}))
    assert "Traceback" not in outcome.stderr
    assert (outcome.code, [*held(empty)]) == ((0, ["b", "deep"]) if depth == 40 else (1, ["b"]))
    assert run("check").code == 0


def test_a_field_of_a_mebibyte_is_refused_before_it_is_written(run: Run, empty: Path) -> None:
    outcome = run("import", "-", stdin=items({"id": "huge", "abstract": "x" * 1_100_000, "title": "H"}))
    assert (outcome.code, held(empty)) == (7, {})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_VARIABLES = "title type author issued archive archive_location keyword note URL accessed custom volume x".split()


def leaves(value: object) -> Iterator[str]:
    """Everything in a value that is no table and no list, as text."""
    if isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(part)
    else:
        yield str(value)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(_VARIABLES) | st.text(), _json, max_size=6))
def test_any_json_object_is_an_entry_or_says_why_not(item: dict[str, Any]) -> None:
    (entry,) = intake.entries(items(item), "csl-json")
    if entry.issue is None:
        assert tomllib.loads(entry.text) == entry.table
        assert intake.entries(entry.text, "toml")[0].table == entry.table
    else:
        assert "half of a letter" in entry.issue.message


# Nothing is lost


def test_what_a_record_has_no_field_for_is_kept(run: Run, empty: Path) -> None:
    run("import", "-", stdin="@book{b, title = {B}, mendeley-tags = {x, y}, File = {:a\\_b.pdf:PDF}}")
    run(
        "import",
        "-",
        stdin=items({"id": "c", "type": "book", "title": "C", "medium": "film", "x-own": {"a": [1, "b"]}}),
    )
    found = held(empty)
    assert found["b"]["bibtex"] == {"entrytype": "book", "mendeley-tags": "x, y", "file": ":a\\_b.pdf:PDF"}
    assert found["c"]["csl"] == {"medium": "film", "x-own": {"a": [1, "b"]}}


@pytest.mark.parametrize("issued", [{"date-parts": [[1949, 13]]}, {"date-parts": [[1949, 2, 30]]}])
def test_a_date_that_is_none_is_kept_as_it_stands(run: Run, empty: Path, issued: dict[str, Any]) -> None:
    run("import", "-", stdin=items({"id": "c", "title": "C", "issued": issued}))
    assert words(leaves(issued)) <= words(leaves(held(empty)["c"]))


Fact = Callable[[Record], object]


def _people(role: str) -> Fact:
    return lambda record: [name.display() for name in record.people.get(role, ())]


FACTS: dict[str, Fact] = {
    "title": lambda record: record.title,
    "short title": lambda record: record.short_title,
    "date": lambda record: record.date and record.date.edtf,
    "language": lambda record: record.language,
    "abstract": lambda record: record.abstract,
    "tags": lambda record: record.tags,
    "author": _people("author"),
    "editor": _people("editor"),
    "archive": lambda record: [location.archive for location in record.locations[:1]],
    "shelfmark": lambda record: [mapping.shelfmark_text(location) for location in record.locations[:1]],
    "place": lambda record: [location.city for location in record.locations[:1]],
    "url": lambda record: record.online.url,
    "accessed": lambda record: record.online.accessed and record.online.accessed.edtf,
}
MORE: dict[str, Fact] = {
    "type": lambda record: record.type,
    "number": lambda record: record.number,
    "contributor": _people("contributor"),
}
KEPT = {"csl-json": FACTS | MORE, "bibtex": FACTS}


@pytest.mark.parametrize("name", KEPT)
def test_an_export_of_all_samples_comes_back_with_every_fact(run: Run, library: Path, name: str) -> None:
    text = run("export", "--to", name).stdout
    before = Library.open(library).records().records
    for path in (library / "records").glob("*.toml"):
        path.unlink()
    outcome = run("import", "-", "--from", name, stdin=text)
    assert (outcome.code, outcome.stdout) == (0, "".join(f"added {key}\n" for key in before))
    after = Library.open(library).records()
    assert not [issue for issue in after.issues if issue.level == "error"]
    for what, fact in KEPT[name].items():
        assert {key: fact(record) for key, record in after.records.items()} == {
            key: fact(record) for key, record in before.items()
        }, what
    assert run("import", "-", "--from", name, stdin=text).stderr == "24 unchanged\n"


def words(texts: Iterator[str]) -> set[str]:
    return {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]{2,}|\d{2,}", text)}


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl-json", "csl-yaml", "csv", "ris"])
def test_an_export_comes_back_as_it_was(run: Run, library: Path, name: str) -> None:
    before, text = held(library), run("export", "--to", name).stdout
    for path in (library / "records").glob("*.toml"):
        path.unlink()
    run("import", "-", "--from", "bibtex" if name == "biblatex" else name, stdin=text)
    assert held(library) == before
    assert run("export", "--to", name).stdout == text


def test_a_new_record_of_a_sample_is_the_sample(run: Run, library: Path, write: Write) -> None:
    for path in sorted((ROOT / "records").glob("*.toml")):
        (library / "records" / path.name).unlink()
        assert run("import", str(path)).stdout == f"added {path.stem}\n"
        assert (library / "records" / path.name).read_bytes() == path.read_bytes()
