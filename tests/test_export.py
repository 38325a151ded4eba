"""`export`: for which program, what a paper cites, what is lost; and files that are whole or untouched."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from citekit import formats
from citekit.errors import CitekitError, UsageError
from citekit.exchange import Loss, Options, Written
from citekit.record import Record
from citekit.targets import TARGETS, target
from tests.conftest import Run
from tests.shared import ROOT

KEY = "molotov-harriman-1945-11-19"
RECORD = "record-1945-10-05"
StandIn = Callable[[Sequence[Record], Options], Written]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Options]]:
    """Stand-ins for all writers: each writes the keys, and tells here that it was asked and how."""
    told: list[tuple[str, Options]] = []

    def writer(name: str) -> StandIn:
        def write(records: Sequence[Record], options: Options) -> Written:
            told.append((name, options))
            return Written("".join(f"{record.key}\n" for record in records))

        return write

    monkeypatch.setattr(formats, "NAMES", dict.fromkeys([*formats.NAMES, "biblatex", "ris", "csl-yaml"], ""))
    monkeypatch.setattr(formats, "SUFFIXES", {**formats.SUFFIXES, ".ris": "ris", ".yaml": "csl-yaml"})
    monkeypatch.setattr(formats, "writer", writer)
    return told


@pytest.fixture
def lossy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer of BibTeX that has no field for recorders and the second place."""

    def write(records: Sequence[Record], options: Options) -> Written:
        losses = [Loss(record.key, "people.recorder", f"Recorder of {record.key}") for record in records]
        losses += [Loss(KEY, "location.1.note", "x" * 200), Loss(KEY, "location.2.note", "a copy")]
        return Written("".join(f"{record.key}\n" for record in records), tuple(losses))

    monkeypatch.setattr("citekit.formats.bibtex.write", write)


# For which program

FORMATS = [
    (("--for", "zotero"), "csl-json"),
    (("--for", "better-bibtex"), "biblatex"),
    (("--for", "jabref"), "bibtex"),
    (("--for", "pandoc"), "csl-json"),
    (("--for", "biblatex-chicago"), "biblatex"),
    (("--for", "mendeley"), "bibtex"),
    (("-o", "x.bib"), "bibtex"),
    (("-o", "x.BIB", "--for", "biblatex-chicago"), "biblatex"),
    (("-o", "x.bib", "--for", "jabref"), "bibtex"),
    (("-o", "x.bib", "--for", "zotero"), "bibtex"),
    (("-o", "x.bib", "--for", "better-bibtex"), "biblatex"),
    (("-o", "x.json", "--for", "better-bibtex"), "csl-json"),
    (("-o", "x.yaml", "--for", "pandoc"), "csl-yaml"),
    (("-o", "x.bib", "--to", "biblatex"), "biblatex"),
    (("-o", "x.json", "--to", "bibtex", "--for", "zotero"), "bibtex"),
    (("-o", "x", "--for", "zotero"), "csl-json"),
]


@pytest.mark.parametrize(("arguments", "format_"), FORMATS, ids=[" ".join(one) for one, _ in FORMATS])
def test_the_format_is_said_or_that_of_the_file_or_the_best_for_the_program(
    arguments: tuple[str, ...], format_: str, run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    assert run("export", KEY, *arguments).code == 0
    program = arguments[arguments.index("--for") + 1] if "--for" in arguments else ""
    assert asked == [(format_, Options(program))]


def test_ascii_reaches_the_writer(run: Run, library: Path, asked: list[tuple[str, Options]]) -> None:
    run("export", KEY, "--to", "bibtex", "--ascii", "--for", "jabref")
    assert asked == [("bibtex", Options("jabref", ascii=True))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--for", "zotero", "--to", "bibtex"),
            "hint: Zotero's import of BibTeX has no way into the fields for archive and shelfmark; "
            "csl-json is the way\n",
        ),
        (
            ("--for", "mendeley", "--to", "csl-json"),
            "hint: Mendeley is not known to read csl-json; bibtex is the way\n",
        ),
        (("--for", "zotero", "--to", "csl-json"), ""),
        (("--for", "zotero", "--to", "bibtex", "--quiet"), ""),
    ],
)
def test_a_format_that_the_program_cannot_read_well_is_written_with_a_hint(
    arguments: tuple[str, ...], said: str, run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    assert run("export", KEY, *arguments) == (0, f"{KEY}\n", said)


def test_every_program_and_the_reason_for_its_format_is_in_the_documents() -> None:
    page = (ROOT / "docs" / "reference-managers.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| `([a-z-]+)`", page, re.M))
    assert rows == {name: one.formats[0] for name, one in TARGETS.items()}


def test_a_program_that_is_not_known_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        target("zotreo")
    assert (caught.value.message, caught.value.hint) == ("no target 'zotreo'", "did you mean zotero?")


# What is lost


def test_what_is_lost_is_a_line_a_field(run: Run, library: Path, lossy: None) -> None:
    assert run("export", KEY, RECORD, "--to", "bibtex") == (
        0,
        f"{KEY}\n{RECORD}\n",
        "people.recorder: no field in bibtex (2 records)\nlocation.note: no field in bibtex (1 record)\n"
        "they travel in `citekit`, which other programs ignore and `citekit import` reads\n",
    )


def test_verbose_names_the_records_and_quiet_says_nothing(run: Run, library: Path, lossy: None) -> None:
    assert run("export", KEY, RECORD, "--to", "bibtex", "--verbose").stderr == (
        "people.recorder: no field in bibtex (2 records)\n"
        f"    {KEY}: Recorder of {KEY}\n    {RECORD}: Recorder of {RECORD}\n"
        f"location.note: no field in bibtex (1 record)\n    {KEY}: {'x' * 99}…\n"
        "they travel in `citekit`, which other programs ignore and `citekit import` reads\n"
    )
    assert run("export", KEY, RECORD, "--to", "bibtex", "--quiet").stderr == ""


def test_a_format_that_is_never_read_brings_nothing_back(
    run: Run, library: Path, lossy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "READ", ())
    assert run("export", KEY, "--to", "bibtex").stderr.endswith("\nthey are not in the file\n")


def test_what_is_lost_is_json_where_that_is_asked_for(run: Run, library: Path, lossy: None) -> None:
    outcome = run("export", KEY, RECORD, "zzz", "--to", "bibtex", "--json", "--strict")
    lines = [json.loads(line) for line in outcome.stderr.splitlines()]
    assert (outcome.code, outcome.stdout) == (5, "")
    assert lines[0] == {
        "loss": {
            "format": "bibtex",
            "field": "people.recorder",
            "kept": True,
            "records": {KEY: f"Recorder of {KEY}", RECORD: f"Recorder of {RECORD}"},
        }
    }
    assert lines[1]["loss"]["records"] == {KEY: f"{'x' * 200}; a copy"}
    assert [line["error"]["exit"] for line in lines[2:]] == [1, 5]


def test_strictly_nothing_is_written_where_anything_is_lost(run: Run, library: Path, lossy: None) -> None:
    Path("x.bib").write_text("old", encoding="utf-8")
    outcome = run("export", KEY, "-o", "x.bib", "--strict", "--quiet")
    said = "error: bibtex would lose 2 fields (location.note, people.recorder); nothing was written\n"
    assert outcome == (5, "", said)
    assert Path("x.bib").read_text(encoding="utf-8") == "old"


def test_strictly_all_is_written_where_nothing_is_lost(
    run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    assert run("export", KEY, "--to", "bibtex", "--strict") == (0, f"{KEY}\n", "")


def test_a_loss_is_no_command_to_the_terminal(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = (Loss(KEY, "x\x1b[31m", "a\x1b]0;b\x07\nc"),)
    monkeypatch.setattr("citekit.formats.bibtex.write", lambda records, options: Written("x\n", losses))
    for more in ((), ("--json",)):
        assert "\x1b" not in run("export", KEY, "--to", "bibtex", "--verbose", *more).stderr


# Records that cannot be written


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that cannot write one record, and no two that begin alike."""

    def write(records: Sequence[Record], options: Options) -> Written:
        for record in records:
            if record.key.startswith("record"):
                raise UsageError(f"{record.key}: no way to write 'Ж'")
        if len(records) > len({record.key[0] for record in records}):
            raise UsageError("they begin alike")
        return Written("".join(f"{record.key}\n" for record in records))

    monkeypatch.setattr("citekit.formats.bibtex.write", write)


def test_one_record_that_cannot_be_written_hides_no_other(run: Run, library: Path, picky: None) -> None:
    said = "error: {}: no way to write 'Ж'\n"
    assert run("export", KEY, RECORD, "record-1945-10-10", "--to", "bibtex") == (
        2,
        f"{KEY}\n",
        said.format(RECORD) + said.format("record-1945-10-10"),
    )
    assert run("export", RECORD, "--to", "bibtex") == (2, "", said.format(RECORD))
    assert run("export", RECORD, "-o", "x.bib") == (2, "", said.format(RECORD))
    assert not Path("x.bib").exists()


def test_records_that_cannot_be_written_together_are_an_error(run: Run, library: Path, picky: None) -> None:
    assert run("export", "cable-1949-04-13", "cable-1949-04-13", "--to", "bibtex").code == 0
    keys = [path.stem for path in sorted((library / "records").glob("[cm]*.toml"))]
    assert run("export", *keys, "--to", "bibtex") == (2, "", "error: they begin alike\n")


# Only what a paper cites


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("paper.aux", f"\\relax\n\\citation{{{RECORD},{KEY}}}\n"),
        ("paper.aux", f"\\abx@aux@cite{{0}}{{{RECORD}}}\n\\abx@aux@cite{{0}}{{{KEY}}}\n\\abx@aux@cite{{0}}{{{KEY}}}\n"),
        ("paper.bcf", f'<x xmlns:bcf="y"><bcf:citekey>{RECORD}</bcf:citekey><bcf:citekey>{KEY}</bcf:citekey></x>'),
        ("draft.md", f"See [@{RECORD}, l. 160; -@{KEY}] and @fig:map.\n"),
    ],
)
def test_only_what_a_paper_cites_is_written_in_the_order_of_the_keys(
    name: str, text: str, run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    Path(name).write_text(text, encoding="utf-8")
    assert run("export", "--to", "bibtex", "--aux", name) == (0, f"{KEY}\n{RECORD}\n", "")


def test_several_papers_and_keys_are_one_list(run: Run, library: Path, asked: list[tuple[str, Options]]) -> None:
    Path("a.md").write_text(f"@{RECORD}", encoding="utf-8")
    Path("b.aux").write_text(f"\\citation{{{KEY}}}", encoding="utf-8")
    arguments = ("export", "cable-1949-04-13", "--to", "bibtex", "--aux", "a.md", "--aux", "b.aux")
    assert run(*arguments) == (0, f"cable-1949-04-13\n{KEY}\n{RECORD}\n", "")


def test_chapters_count_and_no_file_outside_of_the_folder_is_opened(
    run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    paper = library / "paper"
    (paper / "ch").mkdir(parents=True)
    (library / "out.aux").write_text("\\citation{secret}", encoding="utf-8")
    (paper / "link.aux").symlink_to(library / "out.aux")
    (paper / "ch" / "one.aux").write_bytes(b"\\@writefile{toc}{caf\xe9}\\citation{%b}" % RECORD.encode())
    (paper / "p.aux").write_text(
        f"\\citation{{{KEY}}}\\@input{{ch/one.aux}}\\@input{{link.aux}}\\@input{{gone.aux}}\\@input{{p.aux}}",
        encoding="utf-8",
    )
    code, stdout, stderr = run("export", "--to", "bibtex", "--aux", "paper/p.aux")
    assert (code, stdout) == (0, f"{KEY}\n{RECORD}\n")
    assert stderr == "".join(
        f"paper/p.aux: paper/{name} is not in its folder, so what it cites is left out\n"
        for name in ("link.aux", "gone.aux")
    )


def test_a_paper_that_cites_everything_gets_everything(
    run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    Path("p.aux").write_text("\\citation{*}\\citation{zzz}", encoding="utf-8")
    code, stdout, stderr = run("export", "--to", "bibtex", "--aux", "p.aux")
    assert (code, stdout) == (1, run("export", "--to", "bibtex").stdout)
    assert "p.aux:1: error: no record 'zzz'" in stderr


def test_keys_that_are_not_in_the_library_are_named_with_near_ones_and_the_others_written(
    run: Run, library: Path, asked: list[tuple[str, Options]]
) -> None:
    Path("draft.md").write_text(f"One [@{KEY}].\n\nTwo [@molotov-hariman-1945-11-19; @../etc].\n", encoding="utf-8")
    assert run("export", "--to", "bibtex", "--aux", "draft.md", "-o", "x.bib") == (
        1,
        "",
        "draft.md:3: error: no record 'molotov-hariman-1945-11-19'\n"
        "    Two [@molotov-hariman-1945-11-19; @../etc].\n"
        f"hint: did you mean {KEY}?\n",
    )
    assert Path("x.bib").read_text(encoding="utf-8") == f"{KEY}\n"


def test_a_paper_that_cites_nothing_is_said(run: Run, library: Path, asked: list[tuple[str, Options]]) -> None:
    Path("draft.md").write_text("Nothing.", encoding="utf-8")
    assert run("export", "--to", "bibtex", "--aux", "draft.md") == (0, "", "nothing is cited in draft.md\n")


def test_a_paper_is_never_overwritten(run: Run, library: Path, asked: list[tuple[str, Options]]) -> None:
    Path("draft.md").write_text("@x", encoding="utf-8")
    outcome = run("export", "--to", "bibtex", "--aux", "draft.md", "-o", "./draft.md")
    assert outcome == (2, "", "error: ./draft.md is the paper; it would be overwritten\n")
    assert Path("draft.md").read_text(encoding="utf-8") == "@x"


def test_a_paper_that_is_not_there_is_an_error(run: Run, library: Path) -> None:
    assert run("export", "--to", "bibtex", "--aux", "none.aux") == (
        7,
        "",
        "error: cannot read none.aux: no such file or directory\n",
    )


# The file


def test_a_file_that_holds_the_same_is_not_touched(run: Run, library: Path) -> None:
    run("export", KEY, "-o", "x.json")
    os.utime("x.json", (1, 1))
    before = Path("x.json").stat()
    assert run("export", KEY, "-o", "x.json")[:2] == (0, "")
    after = Path("x.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    run("export", RECORD, "-o", "x.json")
    assert Path("x.json").stat().st_mtime > 1
    assert [path.name for path in library.iterdir() if path.name.startswith(".citekit")] == []


def test_a_writer_that_fails_leaves_the_file_as_it_was(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(records: Sequence[Record], options: Options) -> Written:
        raise CitekitError("no")

    monkeypatch.setattr("citekit.formats.bibtex.write", write)
    Path("x.bib").write_text("old", encoding="utf-8")
    assert run("export", KEY, "-o", "x.bib").code == 2
    assert Path("x.bib").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("name", formats.NAMES)
def test_every_format_is_written_twice_alike(name: str, run: Run, library: Path) -> None:
    first = run("export", "--to", name)
    assert first.code == 0
    assert run("export", "--to", name) == first
