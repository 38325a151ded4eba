"""What each command prints when all is well, and the rules that all of them keep."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from citekit import __version__, cli, library
from citekit.cli import COMMANDS
from tests.conftest import words

if TYPE_CHECKING:
    from tests.conftest import Run, Write

KEY = "molotov-harriman-1945-11-19"
TITLE = "From the Journal of V.M. Molotov, 'The Reception of US Ambassador Harriman, 19 November 1945'"
FULL = (
    f'"{TITLE}", November 19, 1945, Wilson Center Digital Archive, RGASPI, f. 558, op. 11, d. 98, ll. 0160-0163. '
    "Contributed by Sergey Radchenko and translated by Gary Goldberg. "
    "<https://wilson-center-digital-archive.dvincitest.com/document/208933>"
)
SHORT = f'"{TITLE}", RGASPI, f. 558, op. 11, d. 98, ll. 0160-0163.'
CABLE = "cable-1949-04-13"
CABLE_SHORT = '"Cable, Kovalev to Filippov [Stalin]", APRF, f. 45, op. 1, d. 331, ll. 15-21.'
WILSON = ("--style", "wilson-center")


def errors(stderr: str) -> list[dict[str, Any]]:
    """The errors that a run with --json printed, a line each."""
    return [json.loads(line)["error"] for line in stderr.splitlines()]


# The house


def test_the_commands_are_the_files_of_the_folder() -> None:
    folder = Path(cli.__file__).parent
    assert set(COMMANDS) == {path.stem.rstrip("_") for path in folder.glob("[!_]*.py")}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_an_example_before_the_options(command: str, run: Run, nowhere: Path) -> None:
    code, stdout, stderr = run(command, "--help")
    assert (code, stderr) == (0, "")
    before, found, _ = re.split(r"(?m)^(Arguments|Options):$", stdout, maxsplit=1)
    assert found
    assert re.search(rf"(?m)^ +citekit {command}\b", before), stdout


def test_the_help_lists_every_command_with_its_line(run: Run) -> None:
    code, stdout, _ = run("--help")
    assert code == 0
    words = " ".join(stdout.split())
    for command, line in COMMANDS.items():
        assert f"{command} {line}" in words


def test_the_program_alone_prints_its_help_with_all_its_lines(run: Run) -> None:
    _, expected, _ = run("--help")
    code, stdout, stderr = run()
    assert code in (0, 2)
    assert expected.strip() in (stdout.strip(), stderr.strip())


def test_version_is_one_line(run: Run) -> None:
    assert run("--version") == (0, f"citekit {__version__}\n", "")


# cite


def test_cite_prints_the_citation_of_the_page(run: Run, library: Path) -> None:
    assert run("cite", KEY, *WILSON) == (0, f"{FULL}\n", "")


def test_cite_prints_a_chicago_note_without_any_flag(run: Run, library: Path) -> None:
    code, stdout, stderr = run("cite", KEY)
    assert (code, stderr) == (0, "")
    assert stdout.count("\n") == 1
    assert "f. 558, op. 11, d. 98, ll. 0160-0163" in stdout
    assert run("cite", KEY, "-s", "chicago").stdout == stdout


@pytest.mark.parametrize(
    ("form", "expected"), [("full", FULL), ("short", SHORT), ("ibid", "Ibid.")], ids=["full", "short", "ibid"]
)
def test_form_prints_a_note_whatever_went_before(form: str, expected: str, run: Run, library: Path) -> None:
    assert run("cite", KEY, *WILSON, "--form", form) == (0, f"{expected}\n", "")


def test_a_form_makes_every_note_stand_alone(run: Run, library: Path) -> None:
    expected = f"{SHORT}\n{CABLE_SHORT}\n{SHORT}\n"
    assert run("cite", KEY, CABLE, KEY, *WILSON, "--form", "short") == (0, expected, "")


def test_notes_are_those_of_one_document_first_ibid_and_short(run: Run, library: Path) -> None:
    cable = run("cite", CABLE, *WILSON).stdout
    expected = f"{FULL}\nIbid.\nIbid., l. 161ob.\n{cable}{SHORT}\n"
    assert run("cite", KEY, KEY, f"{KEY}@l.161ob", CABLE, KEY, *WILSON) == (0, expected, "")


def test_a_locator_stands_in_place_of_the_leaves(run: Run, library: Path) -> None:
    expected = FULL.replace("ll. 0160-0163.", "l. 161ob.")
    assert run("cite", f"{KEY}@л.161об", *WILSON) == (0, f"{expected}\n", "")


def test_two_works_joined_by_a_plus_are_one_note(run: Run, library: Path) -> None:
    expected = f"{SHORT[:-1]}.; {CABLE_SHORT}\n"
    assert run("cite", f"{KEY}+{CABLE}", *WILSON, "--form", "short") == (0, expected, "")


@pytest.mark.parametrize("note", ["a+b", f"a+b+{CABLE}", f"{CABLE}+a+b", "a+b@l.5", f"{CABLE}@l.3+a+b@l.5", "a+b+a+b"])
def test_a_key_may_hold_a_plus_itself(note: str, run: Run, library: Path) -> None:
    shutil.copy(library / "records" / f"{KEY}.toml", library / "records" / "a+b.toml")
    shutil.copy(library / "records" / f"{KEY}.toml", library / "records" / "twin.toml")
    code, stdout, stderr = run("cite", note, *WILSON)
    assert (code, stderr) == (0, "")
    assert stdout == run("cite", note.replace("a+b", "twin"), *WILSON).stdout


def test_keys_are_read_from_standard_input(run: Run, library: Path) -> None:
    stdin = f"# two of them\r\n{KEY}@l.160\n\n  {CABLE}  \n"
    expected = run("cite", f"{KEY}@l.160", CABLE, *WILSON)
    assert expected.code == 0
    assert run("cite", "-", *WILSON, stdin=stdin) == expected
    assert run("cite", "-", *WILSON, stdin=f"\ufeff{stdin[15:]}") == expected


@pytest.mark.parametrize(
    "command",
    [
        *(("bib", *WILSON), ("bib", "--json"), ("show",), ("show", "--json"), ("check",), ("check", "--json")),
        *(("export", "--to", "csl-json"), ("cite", *WILSON)),
    ],
    ids=words,
)
def test_every_command_for_records_reads_keys_from_standard_input(
    command: tuple[str, ...], run: Run, library: Path
) -> None:
    name, *options = command
    expected = run(name, KEY, CABLE, *options)
    assert run(name, "-", *options, stdin=f"\ufeff{KEY}\r\n# {CABLE}\n{CABLE}\n") == expected
    assert run(name, KEY, "-", "-", *options, stdin=CABLE) == expected
    none = run(name, "-", *options, stdin="\n")
    assert (none.code, none.stdout.strip()) == (0, "[]" if "json" in "".join(options) else "")


def test_prefix_and_suffix_stand_round_the_note(run: Run, library: Path) -> None:
    assert run("cite", KEY, *WILSON, "--prefix", "See", "--suffix", "on Japan") == (0, f"See {FULL} on Japan\n", "")


def test_labels_choose_the_script_of_the_marks(run: Run, library: Path) -> None:
    expected = FULL.replace(
        "RGASPI, f. 558, op. 11, d. 98, ll. 0160-0163", "РГАСПИ, ф. 558, оп. 11, д. 98, лл. 0160-0163"
    )
    assert run("cite", KEY, *WILSON, "--labels", "cyrillic") == (0, f"{expected}\n", "")


def test_cite_gives_json_and_a_line_each_as_jsonl(run: Run, library: Path) -> None:
    expected = [{"cite": KEY, "note": SHORT}, {"cite": CABLE, "note": CABLE_SHORT}]
    asked = ("cite", KEY, CABLE, *WILSON, "--form", "short")
    code, stdout, stderr = run(*asked, "--json")
    assert (code, json.loads(stdout), stderr) == (0, expected, "")
    code, stdout, stderr = run(*asked, "--jsonl")
    assert (code, [json.loads(line) for line in stdout.splitlines()], stderr) == (0, expected, "")


@pytest.mark.parametrize("markup", ["text", "html", "markdown", "rst", "latex", "typst", "rtf"])
def test_every_markup_is_one_line_a_note(markup: str, run: Run, library: Path) -> None:
    code, stdout, stderr = run("cite", KEY, CABLE, "--format", markup)
    assert (code, stderr) == (0, "")
    assert len(stdout.splitlines()) == 2
    assert stdout.endswith("\n")


@pytest.mark.parametrize("format_", ["bibtex", "csl-json"])
def test_cite_in_an_exchange_format_is_the_export_of_its_works(format_: str, run: Run, library: Path) -> None:
    expected = run("export", KEY, CABLE, "--to", format_)
    assert expected.code == 0
    assert run("cite", f"{KEY}@l.5+{CABLE}", KEY, "--format", format_) == expected


def test_the_good_notes_are_printed_when_one_is_missing(run: Run, library: Path) -> None:
    code, stdout, stderr = run("cite", KEY, "molotow-harriman", CABLE, *WILSON, "--form", "short")
    assert (code, stdout) == (1, f"{SHORT}\n{CABLE_SHORT}\n")
    assert stderr.splitlines() == [
        f"error: no record 'molotow-harriman' in {library}/records",
        f"hint: did you mean {KEY}?",
    ]


def test_a_missing_work_shows_in_a_note_with_others(run: Run, library: Path) -> None:
    code, stdout, stderr = run("cite", f"{KEY}+zzz", *WILSON, "--form", "short")
    assert (code, stdout) == (1, f"{SHORT[:-1]}.; [?zzz]\n")
    assert "'zzz'" in stderr


def test_the_good_notes_are_printed_when_one_key_of_a_batch_can_be_none(run: Run, library: Path) -> None:
    code, stdout, stderr = run("cite", "-", *WILSON, "--form", "short", stdin=f"{KEY}\n../x\n{CABLE}\n")
    assert (code in (1, 2), stdout) == (True, f"{SHORT}\n{CABLE_SHORT}\n")
    assert "'../x'" in stderr


def test_errors_are_json_where_json_was_asked_for(run: Run, library: Path) -> None:
    code, stdout, stderr = run("cite", KEY, "molotow", *WILSON, "--form", "short", "--json")
    assert (code, json.loads(stdout)) == (1, [{"cite": KEY, "note": SHORT}])
    hint = f"did you mean {KEY}?"
    assert errors(stderr) == [{"exit": 1, "message": f"no record 'molotow' in {library}/records", "hint": hint}]


@pytest.mark.parametrize(
    ("args", "exit_"),
    [
        (("cite", "zzz", "--json"), 1),
        (("cite", KEY, "--style", "zzz", "--json"), 2),
        (("cite", KEY, "--jsonl", "--zzz"), 2),
        (("show", "zzz", "--json"), 1),
        (("archives", "show", "NAA", "--json"), 2),
        (("archives", "zzz", "--json"), 2),
        (("list", "--library", "zzz", "--json"), 7),
        (("zzz", "--json"), 2),
    ],
    ids=words,
)
def test_every_error_is_a_line_of_json_with_its_exit_code(
    args: tuple[str, ...], exit_: int, run: Run, library: Path
) -> None:
    code, _, stderr = run(*args)
    (error,) = errors(stderr)
    assert code == error["exit"] == exit_
    assert error["message"]


@pytest.mark.parametrize(
    ("args", "codes"),
    [
        (("list", "--json"), ["C003"]),
        (("list", "--jsonl", "--verbose"), ["C003", "C008"]),
        (("bib", "--json"), ["C003", "C008", "C042"]),
        (("bib", "bad", "nope", KEY, "--json"), ["C003", "C008", ""]),
        (("bib", "nope", "--json"), ["C003", "C008", ""]),
        (("cite", "bad", "odd", "nope", "--json"), ["C008", "C003", ""]),
        (("show", "bad", "odd", "nope", "--json"), ["C008", "C003", ""]),
        (("export", "bad", "odd", "nope", "--to", "csv", "--json"), ["C008", "C003", ""]),
        (("check", "bad", "odd", "nope", "--json"), [""]),
        (("check", "nope", "--format", "json"), [""]),
        (("add", 'date = "1949-13"', "--json"), ["C003"]),
    ],
    ids=words,
)
def test_all_that_is_said_is_json_where_json_was_asked_for(
    args: tuple[str, ...], codes: list[str], run: Run, library: Path, write: Write
) -> None:
    write("bad", 'title = "T"\ndate = "1949-13"\n')
    write("odd", 'type = "letter"\n')
    code, stdout, stderr = run(*args)
    assert code
    for answer in stdout.splitlines() if "--jsonl" in args else [stdout] if stdout and "--to" not in args else []:
        json.loads(answer)
    said = [json.loads(line) for line in stderr.splitlines()]
    told = [one.get("error") or one.get("warning") for one in said if one.keys() & {"error", "warning"}]
    assert [one.get("code") or (one.get("issues") or [{}])[0].get("code", "") for one in told] == codes


def test_json_after_two_dashes_is_a_word_and_no_option(run: Run, library: Path) -> None:
    code, _, stderr = run("show", "--", "zzz", "--json")
    assert code in (1, 2)
    assert stderr.startswith("error: ")


# The library


def test_the_library_may_be_named_before_and_after_the_command(
    run: Run, library: Path, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(nowhere)
    expected = (0, f"{FULL}\n", "")
    assert run("--library", str(library), "cite", KEY, *WILSON) == expected
    assert run("cite", "--library", str(library), KEY, *WILSON) == expected
    assert run("cite", KEY, *WILSON, f"--library={library}") == expected
    assert run("cite", KEY, *WILSON, "--library", str(library / "records")) == expected
    monkeypatch.setenv("CITEKIT_LIBRARY", str(library))
    assert run("cite", KEY, *WILSON) == expected


def test_the_library_is_found_upwards_and_then_in_the_users_data(
    run: Run, library: Path, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(library / "a" / "b")
    assert run("cite", KEY, *WILSON) == (0, f"{FULL}\n", "")
    monkeypatch.chdir(nowhere)
    monkeypatch.setenv("XDG_DATA_HOME", str(nowhere.parent / "data"))
    shutil.copytree(library / "records", nowhere.parent / "data" / "citekit" / "records")
    assert run("cite", KEY, *WILSON) == (0, f"{FULL}\n", "")


def test_the_librarys_own_file_says_the_style(run: Run, library: Path) -> None:
    (library / "citekit.toml").write_text('schema = 1\n[cite]\nstyle = "wilson-center"\nlabels = "latin"\n')
    assert run("cite", KEY) == (0, f"{FULL}\n", "")


def test_quiet_leaves_out_warnings_but_not_errors(run: Run, write: Write) -> None:
    write("odd", 'title = "T"\ndate = 1950\n[[location]]\narchive = "Attic"\nfond = "1"\n')
    assert "warning" in run("cite", "odd", *WILSON).stderr
    assert run("cite", "odd", *WILSON, "--quiet").stderr == ""
    assert "error" in run("cite", "zzz", "--quiet").stderr


@pytest.mark.parametrize(
    "args",
    [
        ("archives",),
        ("archives", "find", "Podolsk"),
        ("archives", "show", "RGASPI"),
        ("styles",),
        ("styles", "list", "--all"),
        ("styles", "find", "wilson"),
        ("styles", "show", "wilson-center"),
        ("styles", "check", "wilson-center"),
        ("completion", "bash"),
    ],
    ids=words,
)
def test_what_needs_no_records_works_without_a_library(args: tuple[str, ...], run: Run, nowhere: Path) -> None:
    code, stdout, stderr = run(*args)
    assert (code, stderr) == (0, "")
    assert bool(stdout) == (args[:2] != ("styles", "check"))
    assert list(nowhere.iterdir()) == []


def test_a_reading_command_writes_nothing(run: Run, library: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in library.rglob("*")}
    for args in (("cite", KEY), ("bib",), ("list",), ("show", KEY), ("export", "--to", "bibtex"), ("styles",)):
        assert run(*args).code == 0
    assert {path: path.stat().st_mtime_ns for path in library.rglob("*")} == before


# -o


def test_output_goes_to_a_file_or_with_a_dash_to_standard_output(run: Run, library: Path) -> None:
    assert run("cite", KEY, *WILSON, "-o", "note.txt") == (0, "", "")
    assert Path("note.txt").read_bytes() == f"{FULL}\n".encode()
    assert run("cite", KEY, *WILSON, "-o", "-") == (0, f"{FULL}\n", "")


def test_a_file_that_is_written_over_keeps_its_mode(run: Run, library: Path) -> None:
    target = library / "note.txt"
    target.write_text("old")
    target.chmod(0o640)
    assert run("cite", KEY, *WILSON, "-o", "note.txt").code == 0
    assert (stat.S_IMODE(target.stat().st_mode), target.read_text()) == (0o640, f"{FULL}\n")


def test_a_new_file_has_the_mode_that_new_files_have(run: Run, library: Path) -> None:
    old = os.umask(0o027)
    try:
        assert run("cite", KEY, "-o", "note.txt").code == 0
    finally:
        os.umask(old)
    assert stat.S_IMODE((library / "note.txt").stat().st_mode) == 0o640


def test_a_link_that_is_written_to_stays_a_link(run: Run, library: Path) -> None:
    (library / "elsewhere").mkdir()
    (library / "elsewhere" / "note.txt").write_text("old")
    (library / "note.txt").symlink_to("elsewhere/note.txt")
    assert run("cite", KEY, *WILSON, "-o", "note.txt").code == 0
    assert (library / "note.txt").is_symlink()
    assert (library / "elsewhere" / "note.txt").read_text() == f"{FULL}\n"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    call: str, run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (library / "note.txt").write_text("old")
    before = sorted(library.rglob("*"))
    monkeypatch.setattr(os if call == "fsync" else Path, call, full)
    assert run("cite", KEY, "-o", "note.txt") == (7, "", "error: cannot write note.txt: no space left on device\n")
    assert (library / "note.txt").read_text() == "old"
    assert sorted(library.rglob("*")) == before


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    (library / "note.txt").write_text("old")
    before = sorted(library.rglob("*"))
    monkeypatch.setattr(os, "fsync", interrupt)
    assert run("cite", KEY, "-o", "note.txt")[:2] == (130, "")
    assert (library / "note.txt").read_text() == "old"
    assert sorted(library.rglob("*")) == before


@pytest.mark.parametrize("args", [("cite", "zzz"), ("show", "zzz"), ("export", "zzz", "--to", "bibtex")], ids=words)
def test_where_nothing_good_was_asked_for_the_old_file_stays(args: tuple[str, ...], run: Run, library: Path) -> None:
    (library / "note.txt").write_text("old")
    assert run(*args, "-o", "note.txt").code == 1
    assert (library / "note.txt").read_text() == "old"


@pytest.mark.parametrize(
    ("target", "reason"), [("no/note.txt", "no such file or directory"), ("records", "it is a folder")]
)
def test_a_file_that_cannot_be_written_is_named(target: str, reason: str, run: Run, library: Path) -> None:
    assert run("cite", KEY, "-o", target) == (7, "", f"error: cannot write {target}: {reason}\n")


# --copy


def fake_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_copy_gives_the_notes_to_the_program_for_the_clipboard(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path / "bin", "xclip", f'echo "$@" > {tmp_path}/args; {shutil.which("cat")} > {tmp_path}/clip')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert run("cite", KEY, *WILSON, "--copy") == (0, f"{FULL}\n", "")
    assert (tmp_path / "clip").read_text() == FULL
    assert (tmp_path / "args").read_text() == "-selection clipboard\n"


def test_copy_without_such_a_program_prints_the_notes_and_says_what_to_install(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    code, stdout, stderr = run("cite", KEY, *WILSON, "--copy")
    assert (code, stdout) == (7, f"{FULL}\n")
    assert stderr.splitlines() == [
        "error: there is no program for the clipboard",
        "hint: install one of wl-copy, xclip, xsel, pbcopy, clip.exe",
    ]


def test_copy_tells_of_a_program_that_fails(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path / "bin", "xclip", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    code, stdout, stderr = run("cite", KEY, *WILSON, "--copy")
    assert (code, stdout) == (7, f"{FULL}\n")
    hint = "hint: is there a screen? --output FILE needs none\n"
    assert stderr == f"error: xclip could not copy: it ended with 1\n{hint}"


def test_a_clipboard_program_that_stays_does_not_hold_the_pipe(cli: Run, library: Path, tmp_path: Path) -> None:
    # xclip goes on in the background with the streams it was given; `citekit cite KEY --copy | cat` must end
    fake_program(tmp_path / "bin", "xclip", f"{shutil.which('cat')} > /dev/null; {shutil.which('sleep')} 4 &")
    start = time.monotonic()
    outcome = cli("cite", KEY, *WILSON, "--copy", env={"PATH": str(tmp_path / "bin")})
    assert outcome == (0, f"{FULL}\n", "")
    assert time.monotonic() - start < 3


# bib


def test_bib_prints_an_entry_a_line_in_the_order_of_the_style(run: Run, library: Path) -> None:
    entries = [run("bib", key, *WILSON).stdout for key in (KEY, CABLE)]
    assert entries[0] == f"{FULL}\n"
    code, stdout, stderr = run("bib", KEY, CABLE, *WILSON)
    assert (code, sorted(stdout.splitlines(keepends=True)), stderr) == (0, sorted(entries), "")
    assert len(run("bib").stdout.splitlines()) == len(list((library / "records").glob("*.toml")))


def test_bib_takes_a_query_where_no_key_is_given(run: Run, library: Path) -> None:
    assert run("bib", "Molotov", "Harriman", *WILSON) == (0, f"{FULL}\n", "")
    code, stdout, stderr = run("bib", "zzzzz", *WILSON)
    assert (code, stdout, stderr) == (1, "", "error: no record with 'zzzzz'\n")


def test_bib_prints_the_good_records_beside_a_word_that_finds_none(run: Run, library: Path) -> None:
    expected = (1, f"{FULL}\n", "error: no record with 'nope'\n")
    assert run("bib", KEY, "nope", *WILSON) == run("bib", "nope", KEY, *WILSON) == expected


def test_bib_tells_a_bad_record_once(run: Run, library: Path, write: Write) -> None:
    write("bad", 'title = "T"\ndate = "1949-13"\n')
    write("odd", 'type = "letter"\n')
    for args in (("bad", KEY), ("bad", "Harriman"), ("bad", KEY, "Harriman")):
        code, stdout, stderr = run("bib", *args, *WILSON)
        assert (code, stdout, stderr.count("C003")) == (3, f"{FULL}\n", 1)
    assert run("bib", "odd", "Harriman", *WILSON).stderr.count("records/odd.toml") == 1


def test_bib_gives_json(run: Run, library: Path) -> None:
    code, stdout, _ = run("bib", KEY, *WILSON, "--json")
    assert (code, json.loads(stdout)) == (0, [{"key": KEY, "text": FULL}])


def test_bib_lists_the_archives_with_their_fonds_numbers_as_numbers(run: Run, library: Path, write: Write) -> None:
    for fond in ("82", "9", "558"):
        write(f"z{fond}", f'title = "zebra"\ndate = 1950\n[[location]]\narchive = "RGASPI"\nfond = "{fond}"\n')
    write("a1", 'title = "zebra"\ndate = 1950\n[[location]]\narchive = "APRF"\nfond = "3"\n')
    lines = run("bib", "zebra", "--group", "archive").stdout.splitlines()
    assert [line.partition(": ")[2] for line in lines] == ["f. 3", "f. 9, f. 82, f. 558"]
    assert lines[1].startswith("Russian State Archive of Socio-Political History (RGASPI)")
    code, stdout, _ = run("bib", KEY, "--group", "archive", "--json")
    name = "Russian State Archive of Socio-Political History (RGASPI)"
    assert (code, json.loads(stdout)) == (0, [{"archive": name, "fonds": ["f. 558"]}])


def test_an_archive_that_is_written_in_two_scripts_is_listed_once(run: Run, write: Write) -> None:
    for n, archive in enumerate(("RGASPI", "РГАСПИ")):
        write(f"z{n}", f'title = "zebra"\ndate = 1950\n[[location]]\narchive = "{archive}"\nfond = "{n}"\n')
    code, stdout, stderr = run("bib", "zebra", "--group", "archive")
    assert (code, len(stdout.splitlines()), stderr) == (0, 1, "")


def test_an_archive_that_is_written_in_two_ways_is_listed_once(run: Run, write: Write) -> None:
    name = "Archive of the President, Russian Federation (APRF)"
    for n, archive in enumerate(("APRF", name)):
        write(f"z{n}", f'title = "zebra"\ndate = 1950\n[[location]]\narchive = "{archive}"\nfond = "{n}"\n')
    listed = "Archive of the President of the Russian Federation (APRF): f. 0, f. 1\n"
    assert run("bib", "zebra", "--group", "archive") == (0, listed, "")
    assert run("bib", "z1", "--group", "archive").stdout == f"{name}: f. 1\n"


def test_bib_in_a_style_without_a_bibliography_says_so(run: Run, library: Path) -> None:
    code, stdout, stderr = run("bib", KEY, "-s", "chicago-notes")
    assert (code, stdout) == (2, "")
    assert "chicago-notes" in stderr
    assert "bibliography" in stderr


# show


def test_show_prints_the_file_as_it_is(run: Run, library: Path) -> None:
    text = (library / "records" / f"{KEY}.toml").read_text(encoding="utf-8")
    assert run("show", KEY) == (0, text, "")


def test_show_prints_several_with_a_blank_line_between(run: Run, library: Path) -> None:
    texts = [(library / "records" / f"{key}.toml").read_text(encoding="utf-8") for key in (KEY, CABLE)]
    code, stdout, stderr = run("show", KEY, "zzz", CABLE)
    assert (code, stdout) == (1, "\n".join(texts))
    assert "'zzz'" in stderr


def test_show_gives_the_whole_record_as_json(run: Run, library: Path) -> None:
    tables = [
        {"key": key, **tomllib.loads((library / "records" / f"{key}.toml").read_text(encoding="utf-8"))}
        for key in (KEY, CABLE)
    ]
    expected = json.loads(json.dumps(tables, default=str))
    assert json.loads(run("show", KEY, "--json").stdout) == expected[0]
    assert json.loads(run("show", KEY, CABLE, "--json").stdout) == expected
    assert json.loads(run("show", KEY, "zzz", "--json").stdout) == expected[:1]


# list


def test_list_prints_key_date_and_title_by_date(run: Run, library: Path) -> None:
    assert run("list", "1955") == (
        0,
        "report-1955-02-26   1955-02-26  "
        "Report, Embassy of Hungary in North Korea to the Hungarian Foreign Ministry\n"
        "chinese-1955-04-28  1955-04-28  Chinese Foreign Ministry Reference Document No.1\n",
        "",
    )
    dates = [line.split()[1] for line in run("list").stdout.splitlines()]
    assert dates == sorted(dates)
    assert len(dates) == len(list((library / "records").glob("*.toml")))


def test_list_finds_cyrillic_by_latin_letters(run: Run, write: Write) -> None:
    write("zhukov", 'title = "T"\ndate = 1950\n[titles]\noriginal = "Жуков"\n')
    assert run("list", "zhukov", "--keys").stdout == "zhukov\n"
    assert run("list", "Жуков", "--keys").stdout == "zhukov\n"


def test_list_finds_a_name_in_any_romanisation(run: Run, write: Write) -> None:
    write("kyiv", 'title = "From Podgornyy"\ndate = 1950\n[titles]\noriginal = "Київ"\n')
    for word in ("Kyiv", "Kiev", "Podgorny", "Подгорный"):
        assert run("list", word, "--keys").stdout == "kyiv\n"


def test_list_gives_keys_json_and_jsonl(run: Run, library: Path) -> None:
    keys = sorted(path.stem for path in (library / "records").glob("*.toml"))
    assert run("list", "--keys").stdout.splitlines() == keys
    expected = [{"key": KEY, "date": "1945-11-19", "title": TITLE}]
    assert json.loads(run("list", "Harriman", "--json").stdout) == expected
    assert [json.loads(line) for line in run("list", "Harriman", "--jsonl").stdout.splitlines()] == expected


def test_list_that_finds_nothing_is_empty(run: Run, library: Path) -> None:
    assert run("list", "zzzzz") == (0, "", "")
    assert run("list", "zzzzz", "--json") == (0, "[]\n", "")
    for query in ((), ("Harriman",)):
        keys = run("list", "--keys", *query).stdout.splitlines()
        assert KEY in keys
        assert json.loads(run("list", "--keys", *query, "--json").stdout) == keys
        lines = run("list", "--keys", *query, "--jsonl").stdout.splitlines()
        assert [json.loads(line) for line in lines] == keys
    assert run("list", "zzzzz", "--jsonl") == (0, "", "")


# export


def test_export_writes_all_records_or_those_asked_for(run: Run, library: Path) -> None:
    keys = sorted(path.stem for path in (library / "records").glob("*.toml"))
    assert [item["id"] for item in json.loads(run("export", "--to", "csl-json").stdout)] == keys
    assert [item["id"] for item in json.loads(run("export", KEY, CABLE, "--to", "csl-json").stdout)] == [KEY, CABLE]
    found = re.findall(r"(?m)^@\w+\{([^,]+),$", run("export", "--to", "bibtex").stdout)
    assert found == keys


@pytest.mark.parametrize(("name", "format_"), [("s.bib", "bibtex"), ("s.json", "csl-json")])
def test_export_knows_the_format_by_the_name_of_the_file(name: str, format_: str, run: Run, library: Path) -> None:
    assert run("export", "-o", name)[:2] == (0, "")
    assert (library / name).read_text(encoding="utf-8") == run("export", "--to", format_).stdout


def test_export_without_a_format_says_what_to_name(run: Run, library: Path) -> None:
    code, stdout, stderr = run("export")
    assert (code, stdout) == (2, "")
    error, hint = stderr.splitlines()
    assert error == "error: no format is named"
    assert re.fullmatch(
        r"hint: --to biblatex, bibtex, csl-json.*; or by the name of the file, -o FILE.bib; or --for PROGRAM", hint
    )


def test_export_prints_the_good_ones_when_one_is_missing(run: Run, library: Path) -> None:
    code, stdout, stderr = run("export", KEY, "zzz", "--to", "csl-json")
    assert (code, [item["id"] for item in json.loads(stdout)]) == (1, [KEY])
    assert "'zzz'" in stderr


# styles


def test_styles_lists_ours_and_the_short_names(run: Run, nowhere: Path) -> None:
    code, stdout, _ = run("styles")
    assert code == 0
    ours = [
        "bundesarchiv",
        "dstu-8302-2015-archive",
        "gost-r-7-0-5-2008-archive",
        "nara",
        "slavic-notes-expanded",
        "slavic-notes",
        "tna",
        "wilson-center-old",
        "wilson-center",
    ]
    assert stdout.splitlines() == [
        *ours,
        "chicago = chicago-notes-bibliography",
        "wcda = wilson-center",
        "mla = modern-language-association",
    ]
    found = json.loads(run("styles", "--json").stdout)
    assert found == {"styles": ours, "aliases": dict(library_aliases())}
    assert run("styles", "list").stdout == stdout
    assert len(run("styles", "list", "--all").stdout.splitlines()) > 1000


def library_aliases() -> dict[str, str]:
    return dict(library.ALIASES)


def test_styles_find_takes_words_and_says_when_there_is_none(run: Run, nowhere: Path) -> None:
    assert run("styles", "find", "wilson") == (0, "wilson-center-old\nwilson-center\n", "")
    assert run("styles", "find", "Wilson", "old") == (0, "wilson-center-old\n", "")
    assert "chicago-notes-bibliography" in json.loads(run("styles", "find", "chicago", "--json").stdout)
    code, stdout, _ = run("styles", "find", "zzzzz")
    assert (code, stdout) == (1, "")


def test_styles_show_says_what_a_style_is(run: Run, nowhere: Path) -> None:
    facts = {
        "name": "wilson-center",
        "title": "Wilson Center Digital Archive",
        "id": "citekit:wilson-center",
        "class": "note",
        "language": "en-US",
        "bibliography": "yes",
        "file": str(Path(__file__).parents[1] / "styles" / "wilson-center.csl"),
        "from": "citekit",
    }
    assert run("styles", "show", "wcda") == (0, "".join(f"{key}: {value}\n" for key, value in facts.items()), "")
    assert json.loads(run("styles", "show", "wilson-center", "--json").stdout) == facts


@pytest.mark.parametrize("name", ["wilson-center", "wilson-center-old", "chicago-notes-bibliography"])
def test_the_styles_that_are_used_most_are_valid(name: str, run: Run, nowhere: Path) -> None:
    assert run("styles", "check", name) == (0, "", "")
    assert run("styles", "check", name, "--json") == (0, "[]\n", "")


def test_styles_check_names_file_and_line_of_what_is_wrong(run: Run, nowhere: Path) -> None:
    (nowhere / "my.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">\n'
        "<info><title>t</title><id>x</id><updated>2026-01-01T00:00:00Z</updated></info>\n"
        '<citation><layout><blink variable="title"/></layout></citation></style>\n'
    )
    code, stdout, _ = run("styles", "check", "my.csl")
    assert code == 4
    assert "my.csl:3: error S002: " in stdout
    found = json.loads(run("styles", "check", "my.csl", "--json").stdout)
    assert {(issue["path"], issue["level"]) for issue in found} == {("my.csl", "error")}


def test_a_style_of_the_library_comes_before_the_shipped_one(run: Run, library: Path) -> None:
    (library / "styles").mkdir()
    (library / "styles" / "mine.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><info><title>t</title><id>x</id>'
        '</info><citation><layout suffix=" (mine)"><text variable="title"/></layout></citation></style>'
    )
    curly = TITLE.replace(" '", " “").replace("5'", "5”")
    assert run("cite", KEY, "-s", "mine") == (0, f"{curly} (mine)\n", "")
    assert run("cite", KEY, "-s", "styles/mine.csl") == (0, f"{curly} (mine)\n", "")
    assert "mine" in run("styles").stdout.splitlines()


# archives


def test_archives_lists_at_least_a_hundred(run: Run, nowhere: Path) -> None:
    lines = run("archives").stdout.splitlines()
    assert len(lines) >= 100
    assert run("archives", "list").stdout.splitlines() == lines
    assert len(json.loads(run("archives", "--json").stdout)) == len(lines)


def test_archives_find_takes_any_word_of_the_description(run: Run, nowhere: Path) -> None:
    code, stdout, _ = run("archives", "find", "podolsk")
    assert (code, [line.split()[0] for line in stdout.splitlines()]) == (0, ["TSAMO"])
    assert run("archives", "find", "подольск", "zzzzz")[:2] == (1, "")
    assert [found["key"] for found in json.loads(run("archives", "find", "Podolsk", "--json").stdout)] == ["TSAMO"]


@pytest.mark.parametrize("name", ["RGASPI", "rgaspi", "РГАСПИ", "Russian State Archive of Socio-Political History"])
def test_archives_show_answers_to_siglum_and_name(name: str, run: Run, nowhere: Path) -> None:
    code, stdout, stderr = run("archives", "show", name)
    assert (code, stderr) == (0, "")
    assert stdout.startswith("key:        RGASPI\nsigla:      RGASPI, РГАСПИ\nname:       Russian State Archive")
    assert json.loads(run("archives", "show", name, "--json").stdout)["key"] == "RGASPI"


def test_a_former_siglum_is_answered_with_a_note_beside(run: Run, nowhere: Path) -> None:
    code, stdout, stderr = run("archives", "show", "RTsKhIDNI")
    assert (code, stdout) == (0, run("archives", "show", "RGASPI").stdout)
    assert stderr == "RTsKhIDNI is a former name: the archive is now RGASPI\n"
    assert run("archives", "show", "RTsKhIDNI", "--json").stdout == run("archives", "show", "RGASPI", "--json").stdout


def test_an_archive_of_the_library_is_found(run: Run, library: Path) -> None:
    own = '[[archive]]\nkey = "ATTIC"\nsigla = ["Attic"]\nname = "The Attic"\ncity = "Home"\n'
    (library / "records" / "_archives.toml").write_text(own)
    assert "The Attic (Home)" in run("archives", "find", "attic").stdout
    assert run("archives", "show", "attic").stdout.startswith("key:        ATTIC\n")


# citekit.toml


@pytest.mark.parametrize(
    ("config", "place", "said"),
    [
        ("records = 5", "1:11", "records must be text"),
        ("styles = {}", "1:10", "styles must be text"),
        ("schema = true", "1:10", "schema must be a whole number"),
        ('schema = "1"', "1:10", "schema must be a whole number"),
        ("cite = 1", "1:8", "cite must be a table"),
        ("# mine\n[cite]\nstyle = [1]", "3:9", "cite.style must be text"),
        ("[cite]\nlabels = false", "2:10", "cite.labels must be text"),
        ("git = true", "1:7", "git must be a table"),
        ('[git]\ncommit = "true"', "2:10", "git.commit must be true or false"),
    ],
)
def test_a_setting_of_another_kind_is_wrong_usage(config: str, place: str, said: str, run: Run, library: Path) -> None:
    (library / "citekit.toml").write_text(config + "\n")
    for command in (("cite", KEY), ("list",), ("check",), ("set", KEY, "title=T")):
        code, stdout, stderr = run(*command)
        assert (code, stdout) == (2, "")
        assert stderr.startswith(f"citekit.toml:{place}: error: {said}\n")


def test_a_setting_that_nobody_knows_is_a_finding(run: Run, library: Path) -> None:
    (library / "citekit.toml").write_text('shcema = 1\n[cite]\nstlye = "mla"\nother = 1\n[mine]\na = 1\n')
    assert [line for line in run("check").stdout.splitlines() if line.startswith("citekit.toml")] == [
        "citekit.toml:1:10: warning C035: 'shcema' is not a setting that citekit knows (did you mean schema?)",
        "citekit.toml:3:9: warning C035: 'cite.stlye' is not a setting that citekit knows (did you mean style?)",
        "citekit.toml:4:9: warning C035: 'cite.other' is not a setting that citekit knows (nothing uses it)",
        "citekit.toml:5:2: warning C035: 'mine' is not a setting that citekit knows (nothing uses it)",
    ]
    assert run("cite", KEY).code == 0


def test_a_library_of_a_later_schema_is_read_and_not_written(run: Run, library: Path) -> None:
    (library / "citekit.toml").write_text("schema = 2\n")
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    assert run("cite", KEY).code == 0
    for command in (
        ("set", KEY, "title=T"),
        ("new", "a", "title=T"),
        ("rename", KEY, "b"),
        ("rm", KEY, "--yes"),
        ("add", '"Cable," July 4, 1949, RGASPI, f. 558, op. 11, d. 328'),
        ("init",),
    ):
        code, _, stderr = run(*command)
        assert (code, "the library is of schema 2, and this citekit knows 1" in stderr) == (7, True), command
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before
    assert "citekit.toml:1:10: warning C035: the library is of schema 2" in run("check").stdout
