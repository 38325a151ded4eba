"""Bad input: a clear message with its place, the promised exit code, nothing on standard output, no traceback.

And hostile input: nothing in a record, a style or a command line reaches a terminal, a page or TeX as a command.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from citekit.library import Library
from tests.conftest import PATIENCE, words

if TYPE_CHECKING:
    from tests.conftest import Outcome, Run, Write

KEY = "molotov-harriman-1945-11-19"
GOOD = 'title = "Good"\ndate = 1950-01-01\n[[location]]\narchive = "RGASPI"\nfond = "1"\n'
WILSON = ("--style", "wilson-center")
SHORT = (*WILSON, "--form", "short")
# Everything that a terminal obeys or that reads backwards, save the line feed
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")


def refused(outcome: Outcome, code: int, *said: str) -> None:
    """The run ended with *code*, an empty standard output, and all of *said* in its message."""
    assert outcome.code == code, outcome
    assert outcome.stdout == ""
    assert not OBEYED.search(outcome.stderr)
    assert "Traceback" not in outcome.stderr
    for text in said:
        assert text in outcome.stderr


def quoted(text: str) -> str:
    """*text* as a TOML string."""
    return json.dumps(text).replace("\x7f", "\\u007f")


# Keys


def test_a_missing_key_is_named_with_the_nearest(run: Run, library: Path) -> None:
    for command in ("cite", "show"):
        outcome = run(command, "cable-1949-04-31")
        refused(outcome, 1, f"error: no record 'cable-1949-04-31' in {library}/records")
        assert "hint: did you mean cable-1949-04-13" in outcome.stderr


@pytest.mark.parametrize(
    "key",
    [
        *(
            "../x",
            "a/../../x",
            "/etc/passwd",
            "a\\b",
            "a..b",
            "..",
            ".",
            ".hidden",
            "con",
            "NUL.txt",
            "lpt1",
            "x" * 201,
        ),
        *("", " ", "a b", "ключ", "a\nb", "_archives", "a."),
    ],
)
@pytest.mark.parametrize("command", [("cite",), ("show",), ("export", "--to", "bibtex")], ids=words)
def test_what_can_be_no_key_is_refused(command: tuple[str, ...], key: str, run: Run, library: Path) -> None:
    (library / "x.toml").write_text(GOOD)
    refused(run(*command, key), 2, "cannot be the key of a record", "hint: a key is letters, digits and")


def test_a_key_with_a_dash_before_it_is_an_option_or_no_key(run: Run, library: Path) -> None:
    refused(run("cite", "-x"), 2, "No such option: -x")
    refused(run("cite", "--", "-x"), 2, "'-x' cannot be the key of a record")


@pytest.mark.parametrize("name", ["con", "NUL.txt", "a..b", "-x", "ключ", "a b", "\x1b[31m", "a\nb", "\x9b2J"])
def test_a_file_whose_name_can_be_no_key_is_reported_and_the_others_listed(
    name: str, run: Run, library: Path, write: Write
) -> None:
    expected = run("list").stdout
    write(name, GOOD)
    code, stdout, stderr = run("list")
    assert (code, stdout) == (3, expected)
    assert "error C011: " in stderr
    assert "cannot be the key of a record" in stderr
    assert not OBEYED.search(stderr)


def test_a_file_whose_name_is_not_utf_8_is_reported(run: Run, library: Path) -> None:
    Path(os.fsdecode(b"records/\xff\xfe.toml")).write_text(GOOD)
    code, _, stderr = run("list")
    assert code == 3
    assert "error C011: " in stderr


def test_a_locator_that_cannot_be_read_says_how_to_write_it(run: Run, library: Path) -> None:
    refused(run("cite", f"{KEY}@zz"), 2, f"error: '{KEY}@zz': a leaf or page number is expected here", "hint: like ")
    refused(run("cite", f"{KEY}@l.7-5"), 2, "runs backwards")


# Records

TOML_ERROR = 'title = "T"\ndate = 1945-11-19\nnumber = = 3\n'
DATE = 'type = "letter"\ntitle = "T"\n\n# when\n\n\ndate = "1949-13"\n'
LEAVES = 'title = "T"\n[[location]]\narchive = "RGASPI"\nfond = "1"\n[[location]]\nlist = "0163-0160"\n'
AMBIGUOUS = 'title = "T"\n[[location]]\nfond = "1"\narchive = "AMAE"\n'
INVALID = {
    "toml": (TOML_ERROR, ":3:10: error C001: not TOML: invalid value\n    number = = 3\n             ^\n"),
    "unfinished": ('title = "T', ":1:11: error C001: not TOML: "),
    "date": (DATE, ':7:14: error C003: date "1949-13" has no month 13\n    date = "1949-13"\n                 ^'),
    "bare date": ('title = "T"\ndate = 1949-13-01\n', ":2:"),
    "day": ('date = "1949-02-29"\n', ':1:17: error C003: date "1949-02-29" has no day 29: February 1949 has 28 days\n'),
    "accessed": ('[online]\naccessed = "2026-11-31"\n', ":2:21: error C003: "),
    "end of a range": ('date = "1949-01/1949-13"\n', ':1:22: error C003: date "1949-01/1949-13" has no month 13\n'),
    "inverted dates": ('date = "1950/1949"\n', ":1:14: error C003: date "),
    "inverted leaves": (LEAVES, ":6:9: error C005: range '0163-0160' runs backwards\n    list = "),
    "siglum": (AMBIGUOUS, ":4:11: error C006: 'AMAE' is the siglum of several archives: AMAE-RO ("),
    "kind": ("title = 1.5\n", ":1:9: error C002: title must be text, not a number\n    title = 1.5\n            ^\n"),
    "people": ('people = ["X"]\n', ":1:10: error C002: people must be a table, not a list\n"),
    "name": ("[people]\nauthor = [[1]]\n", ":2:11: error C002: a name must be text or a table, not a list\n"),
    "calendar": ('title = "T"\ncalendar = "lunar"\n', ':2:12: error C002: calendar must be "gregorian" or "julian"\n'),
    "not utf-8": (b'title = "T"\nnote = "caf\xe9"\n', ":2:12: error C001: byte 0xe9 is not UTF-8\n    note = "),
    "utf-16": ("title = 'T'".encode("utf-16"), ":1:1: error C001: byte 0xff is not UTF-8\n"),
    "nul": (b'title = "T\x00"\n', ":1:11: error C001: not TOML: "),
    "escape": (b'title = "T\x1b[31m"\n', ":1:11: error C001: not TOML: "),
    "nested": ("x = " + "[" * 50_000, ": error C001: not TOML that can be read: nested too deep\n"),
}


@pytest.mark.parametrize("command", [("cite",), ("cite", "-f", "csl-json"), ("export", "--to", "bibtex")], ids=words)
@pytest.mark.parametrize("case", INVALID)
def test_an_invalid_record_is_named_with_its_place(
    case: str, command: tuple[str, ...], run: Run, library: Path, write: Write
) -> None:
    content, said = INVALID[case]
    write("bad", content)
    outcome = run(*command, "bad")
    refused(outcome, 3, f"records/bad.toml{said}")
    assert outcome.stderr.startswith("records/bad.toml:")


def test_an_ambiguous_siglum_is_named_with_its_candidates(run: Run, library: Path, write: Write) -> None:
    write("bad", AMBIGUOUS)
    refused(run("cite", "bad"), 3, "Bucharest", "La Courneuve", "hint: write AMAE-RO or AMAE-FR")
    refused(run("archives", "show", "AMAE"), 2, "Bucharest", "La Courneuve", "hint: write AMAE-RO or AMAE-FR")
    refused(run("archives", "show", "RGASPY"), 2, "error: no archive 'RGASPY'", "hint: did you mean RGASPI")


def test_every_error_of_a_record_is_reported_not_the_first_alone(run: Run, library: Path, write: Write) -> None:
    write("bad", 'title = 1.5\ndate = "1949-13"\n[[location]]\nlist = "7-5"\n')
    outcome = run("cite", "bad")
    refused(outcome, 3)
    places = [line.split(" ")[0] for line in outcome.stderr.splitlines() if line.startswith("records/")]
    assert places == ["records/bad.toml:1:9:", "records/bad.toml:2:14:", "records/bad.toml:4:9:"]
    (error,) = [json.loads(line)["error"] for line in run("show", "bad", "--json").stderr.splitlines()]
    assert [(issue["line"], issue["column"]) for issue in error["issues"]] == [(1, 9), (2, 14), (4, 9)]


def test_an_unknown_archive_is_a_warning_and_printed_as_it_stands(run: Run, library: Path, write: Write) -> None:
    write("odd", 'title = "T"\ndate = 1950\n[[location]]\narchive = "Attic of X"\nfond = "1"\n')
    code, stdout, stderr = run("cite", "odd", *WILSON)
    assert (code, stdout) == (0, '"T", 1950, Attic of X, f. 1.\n')
    assert stderr == (
        "records/odd.toml:4:11: warning C007: archive 'Attic of X' is not in the registry\n"
        '    archive = "Attic of X"\n'
        "              ^\n"
        "    hint: it is printed as it stands; records/_archives.toml can describe it\n"
    )


def test_a_bom_and_windows_line_ends_are_no_fault(run: Run, library: Path, write: Write) -> None:
    write("plain", GOOD)
    expected = run("cite", "plain", *WILSON)
    assert expected == (0, '"Good", January 1, 1950, RGASPI, f. 1.\n', "")
    write("bom", b"\xef\xbb\xbf" + GOOD.encode())
    write("crlf", GOOD.replace("\n", "\r\n"))
    assert run("cite", "bom", *WILSON) == expected
    assert run("cite", "crlf", *WILSON) == expected
    assert run("show", "bom").stdout == run("show", "crlf").stdout == GOOD
    write("both", b"\xef\xbb\xbf" + DATE.replace("\n", "\r\n").encode())
    refused(run("cite", "both"), 3, f"records/both.toml{INVALID['date'][1]}")


@pytest.mark.parametrize("style", ["wilson-center", "chicago"])
@pytest.mark.parametrize(
    "content",
    ["", 'title = "T"\n', "date = 1950\n", 'title = "T"\ndate = "1946~"\n', '[people]\nauthor = ["A, B"]\n', "x = 1\n"],
)
def test_a_record_with_hardly_anything_in_it_is_no_fault(
    content: str, style: str, run: Run, library: Path, write: Write
) -> None:
    write("thin", content)
    for command in ("cite", "bib"):
        code, stdout, stderr = run(command, "thin", KEY, "--style", style)
        assert (code, "Traceback" in stderr) == (0, False), stderr
        assert "Harriman" in stdout
        assert ("T" in stdout) or "title" not in content


@pytest.mark.parametrize("text", ["1945~\n", "\n1945", " 1945?", "1945-11~\t", "1917/\n1918?"])
def test_white_space_in_a_date_never_breaks_a_line(text: str, run: Run, library: Path, write: Write) -> None:
    write("odd", f'title = "T"\ndate = {quoted(text)}\n[[location]]\narchive = "RGASPI"\nfond = "1"\n')
    for args in (("list",), ("cite", "odd"), ("bib", "odd")):
        code, stdout, stderr = run(*args)
        assert code in (0, 3)
        assert not OBEYED.search(stdout + stderr)
        assert all(line.strip() and not line.startswith(" ") for line in stdout.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "[csl]\nissued = 2020-01-01",
        "[csl]\nissued = { date-parts = 7 }",
        "[csl]\nvolume = nan",
        "[csl]\nauthor = 3",
        "[csl]\nauthor = [{ family = 3 }]",
        "[csl]\ntitle = [1, 2]",
        "[csl]\nid = 3",
        "[published]\nvolume = 1979-05-27T07:32:00Z",
        "[titles]\noriginal = 3",
        "tags = []",
        "z = nan",
        "z = 07:32:00",
    ],
)
def test_values_that_nobody_foresaw_are_carried_or_refused_but_never_a_fault(
    line: str, run: Run, library: Path, write: Write
) -> None:
    write("odd", f"{GOOD}{line}\n" if line.startswith("[") else f"{line}\n{GOOD}")

    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    printing: tuple[tuple[str, ...], ...] = (("cite", "odd"), ("cite", "odd", *WILSON), ("bib", "odd"))
    for args in (*printing, ("export", "odd", "--to", "bibtex")):
        assert run(*args).code in (0, 3), args
    for args in (("show", "odd", "--json"), ("export", "odd", "--to", "csl-json")):
        code, stdout, _ = run(*args)
        assert code in (0, 3), args
        if stdout:
            json.loads(stdout, parse_constant=no_constant)


def test_tables_nested_deep_by_dots_are_refused_or_read_but_never_a_fault(
    run: Run, library: Path, write: Write
) -> None:
    write("deep", 'title = "T"\n' + ".".join(["a"] * 5000) + " = 1\n")
    for args in (("show", "deep", "--json"), ("list", "zzz"), ("cite", "deep", *WILSON), ("bib", "zzz")):
        outcome = run(*args)
        assert outcome.code in (0, 1, 3), args
        assert "fault" not in outcome.stderr


@pytest.mark.parametrize("style", ["wilson-center", "chicago"])
def test_a_hundred_thousand_names_take_seconds(style: str, run: Run, library: Path, write: Write) -> None:
    write("many", GOOD + "[people]\nauthor = [" + '"A, B",' * 100_000 + "]\n")
    start = time.monotonic()
    code, stdout, _ = run("cite", "many", "--style", style)
    assert code == 0
    assert "Good" in stdout
    assert time.monotonic() - start < 10


# Files that are none


def test_a_folder_a_broken_link_a_fifo_and_a_giant_are_no_records(run: Run, library: Path) -> None:
    expected = run("list").stdout
    records = library / "records"
    (records / "folder.toml").mkdir()
    (records / "link.toml").symlink_to("nothing.toml")
    (records / "loop.toml").symlink_to("loop.toml")
    os.mkfifo(records / "fifo.toml")
    with (records / "giant.toml").open("wb") as giant:
        giant.truncate(50_000_000)
    said = {
        "folder": "cannot read {}: it is a folder",
        "link": "{} is a link to a file that is not there: nothing.toml",
        "loop": "cannot read {}: too many levels of symbolic links",
        "fifo": "{} is not a file",
        "giant": "{} is too large for a record: 50,000,000 bytes\nhint: a record has at most 1,048,576 bytes",
    }
    for key, message in said.items():
        for args in (("cite", key), ("show", key), ("show", key, "--json"), ("export", key, "--to", "bibtex")):
            outcome = run(*args)
            text = message.format(records / f"{key}.toml")
            if "--json" in args:
                refused(outcome, 7, f'"exit": 7, "message": "{text.splitlines()[0]}')
            else:
                refused(outcome, 7, f"error: {text}")
    code, stdout, stderr = run("list")
    assert (code, stdout) == (3, expected)
    assert stderr.count("error C012: ") == len(said)


def test_a_record_that_may_not_be_read_is_named(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = library / "records" / f"{KEY}.toml"
    real = os.open

    def guarded(file: Any, *args: Any, **more: Any) -> int:  # for root a mode of 000 is no hindrance
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied", str(file))
        return real(file, *args, **more)

    monkeypatch.setattr(os, "open", guarded)
    refused(run("cite", KEY), 7, f"error: cannot read {path}: permission denied")
    code, stdout, stderr = run("list", "Kovalev", "--keys")
    assert (code, stdout.splitlines()[0]) == (3, "cable-1949-04-13")
    assert "permission denied" in stderr


@pytest.mark.parametrize("args", [("list",), ("bib", *WILSON), ("export", "--to", "bibtex")], ids=words)
def test_one_bad_record_never_hides_the_others(args: tuple[str, ...], run: Run, library: Path, write: Write) -> None:
    good = run(*args)
    assert good.code == 0
    write("bad", DATE)
    write("worse", TOML_ERROR)
    code, stdout, stderr = run(*args)
    assert (code, stdout) == (3, good.stdout)
    assert "records/bad.toml:7:14: error C003: " in stderr
    assert "records/worse.toml:3:10: error C001: " in stderr


def test_a_bad_record_among_good_ones_that_were_asked_for(run: Run, library: Path, write: Write) -> None:
    write("bad", DATE)
    expected = run("cite", KEY, *SHORT).stdout
    for args in (("cite", "bad", KEY, *SHORT), ("cite", KEY, "bad", *SHORT)):
        code, stdout, stderr = run(*args)
        assert (code, stdout) == (3, expected)
        assert "records/bad.toml:7:14: error C003: " in stderr
    assert run("export", "bad", KEY, "--to", "bibtex")[:2] == (3, run("export", KEY, "--to", "bibtex").stdout)
    assert run("bib", "bad", KEY, *WILSON)[:2] == (3, run("bib", KEY, *WILSON).stdout)
    assert run("cite", "bad", "zzz", KEY, *SHORT)[:2] == (1, expected)


# Options, styles, formats


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("cit", KEY), ("no command 'cit'", "did you mean cite?")),
        (("styles", "chek", "x"), ("No such command 'chek'", "Did you mean 'check'?")),
        (("cite", KEY, "--stile", "x"), ("No such option: --stile", "--style")),
        (("cite",), ("Missing argument 'KEY[@LOCATOR]...'", "`citekit cite --help` shows the usage")),
        (("cite", KEY, "--style"), ("Option '--style' requires an argument",)),
        (("cite", KEY, "--library"), ("Option '--library' requires an argument",)),
        (("cite", KEY, "--style", "wilson-centre"), ("no style 'wilson-centre'", "did you mean wilson-center")),
        (("bib", KEY, "--style", "wilson-centre"), ("no style 'wilson-centre'", "did you mean wilson-center")),
        (("styles", "show", "wilson-centre"), ("no style 'wilson-centre'", "did you mean wilson-center")),
        (("styles", "check", "wilson-centre"), ("no style 'wilson-centre'", "did you mean wilson-center")),
        (("cite", KEY, "--style", "../styles/wilson-center"), ("no style '../styles/wilson-center'",)),
        (("cite", KEY, "--style", "none.csl"), ("no style 'none.csl': no such file",)),
        (("cite", KEY, "--format", "htlm"), ("no format 'htlm'", "did you mean html?")),
        (("cite", KEY, "--format", "zzz"), ("no format 'zzz'", "one of text, html, markdown, rst, latex, typst, rtf")),
        (("bib", KEY, "--format", "bibtex"), ("no format 'bibtex'", "hint: ")),
        (("export", KEY, "--to", "bibtx"), ("no format 'bibtx'", "did you mean bibtex")),
        (("export", KEY, "--for", "zotreo"), ("no target 'zotreo'", "did you mean zotero?")),
        (("export", KEY, "--for", "zzz"), ("no target 'zzz'", "one of zotero, better-bibtex, jabref, pandoc")),
        (("export", "--to", "bibtex", "--aux", "paper.tex"), ("paper.tex is no file of which", "paper.aux")),
        (("cite", KEY, "--form", "shrt"), ("no form 'shrt'", "did you mean short?")),
        (("cite", KEY, "--labels", "greek"), ("no labels 'greek'", "one of latin, cyrillic, auto")),
        (("cite", KEY, "--engine", "zzz"), ("no engine 'zzz'", "citeproc-py")),
        (("bib", "--group", "fond"), ("no group 'fond'", "one of archive")),
        (("completion", "bsh"), ("no shell 'bsh'", "did you mean bash")),
        (("completion", "powershell"), ("no shell 'powershell'", "one of bash, zsh, fish")),
    ],
    ids=words,
)
def test_wrong_usage_is_named_with_what_would_be_right(
    args: tuple[str, ...], said: tuple[str, ...], run: Run, library: Path
) -> None:
    refused(run(*args), 2, *said)


@pytest.mark.parametrize("args", [("list",), ("cite", KEY), ("bib",), ("show", KEY), ("export", "--to", "bibtex")])
def test_without_a_library_the_message_says_how_to_name_one(args: tuple[str, ...], run: Run, nowhere: Path) -> None:
    refused(run(*args), 7, "error: no library found here or above", "hint: make a folder records/ here, or name")
    refused(run(*args, "--library", "zzz"), 7, "error: no library in zzz: it is not a folder")
    refused(run(*args, "--library", str(nowhere)), 7, "has no folder records/")


@pytest.mark.parametrize("args", [("list",), ("cite", KEY), ("check", "--json"), ("add", "f. 1")], ids=words)
def test_a_current_folder_that_is_gone_is_said(args: tuple[str, ...], run: Run, nowhere: Path) -> None:
    nowhere.rmdir()
    refused(run(*args), 7, "the current folder is not there any more")


def test_what_the_system_says_is_said_in_words(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_file = Path.is_file

    def refuse(path: Path) -> bool:
        if path.name == "_archives.toml":
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refuse)  # of a file in a folder that may not be searched
    place = library / "records" / "_archives.toml"
    assert run("list", "--library", str(library)) == (7, "", f"error: cannot use {place}: permission denied\n")


def test_a_library_that_the_environment_names_must_be_there(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEKIT_LIBRARY", str(library / "zzz"))
    refused(run("list"), 7, "zzz: it is not a folder")


FILES: dict[str, tuple[str | bytes, str]] = {
    "broken": ("a = [", ":1"),
    "utf-16": ("a = 1".encode("utf-16"), ""),
    "nested": ("a = " + "[" * 50_000, ""),
}


@pytest.mark.parametrize("name", ["citekit.toml", "records/_archives.toml"])
@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_of_the_library_is_named(name: str, case: str, run: Run, library: Path) -> None:
    content, place = FILES[case]
    (library / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for args in (("list",), ("cite", KEY)):
        outcome = run(*args)
        refused(outcome, outcome.code, f"{name}{place}")
        assert outcome.code in (2, 3, 7)
        assert "fault" not in outcome.stderr


def test_a_bom_in_the_files_of_the_library_is_no_fault(run: Run, library: Path) -> None:
    expected = run("cite", KEY, *WILSON)
    (library / "citekit.toml").write_bytes(b'\xef\xbb\xbf[cite]\r\nstyle = "wilson-center"\r\n')
    assert run("cite", KEY) == expected
    own = b'\xef\xbb\xbf[[archive]]\r\nkey = "ATTIC"\r\nsigla = ["Attic"]\r\nname = "The Attic"\r\n'
    (library / "records" / "_archives.toml").write_bytes(own)
    assert run("archives", "show", "attic").code == 0


# Styles

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">'
INFO = "<info><title>t</title><id>x</id></info>"
TITLE = '<text variable="title"/>'


def style(layout: str, *, before: str = "", macros: str = "", info: str = INFO) -> str:
    return f"{before}{HEAD}{info}{macros}<citation><layout>{layout}</layout></citation></style>"


BAD_STYLES = {
    "text": "hello",
    "empty": "",
    "html": "<html/>",
    "unclosed": f"{HEAD}\n{INFO}\n<citation>",
    "no citation": f"{HEAD}{INFO}</style>",
    "no such macro": style('<text macro="nope"/>'),
    "a macro that calls itself": style('<text macro="a"/>', macros='<macro name="a"><text macro="a"/></macro>'),
    "no such element": style(f"<blink/>{TITLE}"),
    "no number": style('<names variable="author"><name et-al-min="x" et-al-use-first="y"/></names>'),
    "no such form of date": style('<date variable="issued" form="zz"/>'),
}


@pytest.mark.parametrize("case", BAD_STYLES)
def test_a_style_that_cannot_be_used_is_named(case: str, run: Run, library: Path) -> None:
    (library / "bad.csl").write_text(BAD_STYLES[case])
    outcome = run("cite", KEY, "--style", "bad.csl")
    refused(outcome, 2, "bad.csl")
    assert "fault" not in outcome.stderr


@pytest.mark.parametrize(
    ("case", "place"), [("text", "bad.csl:1:1: "), ("empty", "bad.csl:1"), ("unclosed", "bad.csl:3:")]
)
def test_what_is_not_xml_in_a_style_is_named_with_its_place(case: str, place: str, run: Run, library: Path) -> None:
    (library / "bad.csl").write_text(BAD_STYLES[case])
    for args in (("cite", KEY, "-s"), ("bib", KEY, "-s"), ("styles", "show")):
        outcome = run(*args, "bad.csl")
        refused(outcome, 2, place) if args[0] != "bib" or case != "text" else refused(outcome, 2, "bad.csl")
    code, stdout, _ = run("styles", "check", "bad.csl")
    assert (code, stdout.startswith(place)) == (4, True)


def test_a_style_that_is_a_folder_or_too_large_or_not_utf_8_is_named(run: Run, library: Path) -> None:
    (library / "folder.csl").mkdir()
    with (library / "giant.csl").open("wb") as giant:
        giant.truncate(50_000_000)
    (library / "latin.csl").write_bytes(style(TITLE).replace(">t<", ">é<").encode("latin-1"))
    refused(run("cite", KEY, "-s", "folder.csl"), 7, "folder.csl", "folder")
    refused(run("cite", KEY, "-s", "giant.csl"), 7, "giant.csl is too large for a style")
    refused(run("cite", KEY, "-s", "latin.csl"), 2, "latin.csl", "the style is not UTF-8")


def test_a_style_that_is_a_fifo_is_refused_and_not_waited_for(cli: Run, library: Path) -> None:
    os.mkfifo(library / "fifo.csl")
    refused(cli("cite", KEY, "-s", "fifo.csl", timeout=5), 7, "fifo.csl")


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE style [<!ENTITY e0 "boomboom">{ENTITIES}]>'


@pytest.mark.parametrize("entity", ["&e4;", "&e11;"], ids=["10 kB", "800 GB"])
@pytest.mark.parametrize("where", ["value", "title"])
@pytest.mark.parametrize("args", [("cite", KEY, "-s"), ("styles", "show"), ("styles", "check")], ids=words)
def test_entities_of_a_style_are_not_expanded(
    args: tuple[str, ...], where: str, entity: str, run: Run, library: Path
) -> None:
    layout = f'<text value="{entity}"/>{TITLE}' if where == "value" else TITLE
    info = INFO.replace(">t<", f">{entity}<") if where == "title" else INFO
    (library / "bomb.csl").write_text(style(layout, before=BOMB, info=info))
    start = time.monotonic()
    code, stdout, stderr = run(*args, "bomb.csl")
    assert time.monotonic() - start < 5
    assert "boomboom" * 2 not in stdout + stderr
    assert len(stdout + stderr) < 5000
    assert code in (0, 2, 4)


@pytest.mark.parametrize("system", ["secret.txt", "file://{}/secret.txt", "http://192.0.2.1/x", "/dev/zero"])
@pytest.mark.parametrize("kind", ["entity", "parameter", "dtd", "xinclude"])
def test_a_style_reads_no_other_file_and_no_address(kind: str, system: str, run: Run, library: Path) -> None:
    (library / "secret.txt").write_text("TOP SECRET")
    place = system.format(library)
    before = {
        "entity": f'<!DOCTYPE style [<!ENTITY e SYSTEM "{place}">]>',
        "parameter": f'<!DOCTYPE style [<!ENTITY % e SYSTEM "{place}"> %e;]>',
        "dtd": f'<!DOCTYPE style SYSTEM "{place}">',
        "xinclude": "",
    }[kind]
    leak = {"entity": "&e;", "xinclude": f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{place}"/>'}
    macros = f'<locale><terms><term name="ibid">{leak.get(kind, "")}</term></terms></locale>'
    (library / "leak.csl").write_text(style(f'<text term="ibid"/>{TITLE}', before=before, macros=macros))
    for args in (("cite", KEY, "-s"), ("styles", "show"), ("styles", "check")):
        code, stdout, stderr = run(*args, "leak.csl")
        assert code in (0, 2, 4), stderr
        assert "SECRET" not in stdout + stderr


# Standard streams and interruption


def process(*args: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "citekit", *args], stderr=subprocess.PIPE, **more)


@pytest.mark.parametrize(
    "args",
    [
        *(("list",), ("bib",), ("show", KEY), ("cite", KEY), ("archives", "--json"), ("completion", "bash")),
        *(("--help",), ("cite", "--help"), ("--version",)),
    ],
    ids=words,
)
def test_a_closed_pipe_ends_quietly(args: tuple[str, ...], library: Path) -> None:
    with process(*args, stdout=subprocess.PIPE) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    "args",
    [
        *(("cite", "-"), ("bib", "-"), ("show", "-"), ("check", "-"), ("export", "-", "--to", "ris")),
        *(("batch",), ("batch", "-"), ("add",), ("add", "-"), ("import", "-"), ("parse", "-")),
    ],
    ids=words,
)
def test_a_closed_standard_input_is_said(args: tuple[str, ...], library: Path) -> None:
    program = ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "citekit", *args]
    done = subprocess.run(program, capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout) == (7, b"")
    assert done.stderr.endswith(b"error: cannot read standard input: it is closed\n")


def test_a_pipe_that_is_closed_after_the_first_byte_ends_quietly(library: Path, write: Write) -> None:
    for n in range(20):  # more than the 64 KiB that a pipe holds
        write(f"long{n}", f'title = "{"T" * 20_000}"\n')
    with process("list", stdout=subprocess.PIPE) as program:
        assert program.stdout
        assert program.stderr
        assert len(os.read(program.stdout.fileno(), 1)) == 1
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(PATIENCE) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("args", [("list",), ("cite", KEY), ("--help",), ("--version",)], ids=words)
def test_a_full_disk_is_told(args: tuple[str, ...], library: Path) -> None:
    with Path("/dev/full").open("wb") as full, process(*args, stdout=full) as program:
        assert program.stderr
        stderr = program.stderr.read().decode()
        assert program.wait(PATIENCE) == 7
    assert "no space left on device" in stderr.lower()
    assert len(stderr.splitlines()) == 1


def shell(command: str) -> Outcome:
    from tests.conftest import Outcome

    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("citekit", f"'{sys.executable}' -m citekit")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_without_a_standard_output_the_answer_cannot_be_written(library: Path) -> None:
    outcome = shell(f"citekit cite {KEY} >&-")
    refused(outcome, 7, "cannot write the answer")
    assert "fault" not in outcome.stderr


def test_without_a_standard_error_no_error_comes_on_standard_output(library: Path) -> None:
    assert shell("citekit cite zzz 2>&-") == (1, "", "")


def test_control_c_in_the_midst_is_130_without_a_word(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "open", interrupt)
    assert run("cite", KEY) == (130, "", "")
    assert run("list", "--json") == (130, "", "")


def test_control_c_while_it_waits_for_keys_is_130(library: Path) -> None:
    script = "import sys; from citekit.cli import main; print('up', flush=True); sys.exit(main(['cite', '-']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout
        assert program.stderr
        assert program.stdout.readline() == b"up\n"
        time.sleep(0.2)
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE) == 130
        assert program.stderr.read() == b""


def test_an_argument_that_is_not_utf_8_is_no_fault(run: Run, library: Path) -> None:
    bad = os.fsdecode(b"\xff")
    refused(run("cite", bad), 2)
    refused(run("cite", KEY, "--style", bad), 2)
    refused(run("archives", "show", bad), 2)
    assert run("list", bad) == (0, "", "")
    before = sorted(library.iterdir())
    code, stdout, stderr = run("cite", KEY, *WILSON, "--prefix", bad)
    assert (code, stderr, len(stdout.splitlines())) == (0, "", 1)
    code, _, stderr = run("cite", KEY, *WILSON, "--prefix", bad, "-o", "note.txt")
    assert code in (0, 2, 7), stderr
    assert {path.name for path in library.iterdir()} - {path.name for path in before} <= {"note.txt"}


# Hostile records

ATTACK = (
    "E\x1b[31mS\x1b]0;owned\x07 C1\x9b2J\x90 DEL\x7f NUL\x00 \x08\r </script><script>alert(1)</script>"
    "<img src=x onerror=alert(1)> \\input{/etc/passwd} \\write18{id} ^^5cinput{x} ${HOME} $(id) `id` ``x`` "
    "#eval(x) @import % {unbalanced \u202eesrever\u202c\u2028sep\u2029\x85 x\nsecond line"
)


def hostile(*, archival: bool) -> str:
    """A record with the attack in every place that holds text."""
    text = quoted(ATTACK)
    person = f"[{text}, {{ family = {text}, given = {text}, particle = {text}, suffix = {text}, for = {text} }}]"
    location = ["[[location]]", *(f"{name} = {text}" for name in ("archive", "fond", "opis", "delo", "shelfmark"))]
    location += [f"{name} = {text}" for name in ("place", "file_title", "fond_title", "note", "copy_of", "odd")]
    lines = [f"{name} = {text}" for name in ("type", "title", "short_title", "date_note", "language", "classification")]
    lines += [f"{name} = {text}" for name in ("number", "abstract", "credits", "note", "unforeseen")]
    lines += ["date = 1950-01-02", f"tags = [{text}, {text}]", "[titles]"]
    lines += [f"{name} = {text}" for name in ("original", "romanized", "translated")]
    lines += ["[people]"]
    roles = ("author", "recipient", "editor", "translator", "contributor", "obtained_by", "scribe")
    lines += [f"{role} = {person}" for role in roles]
    lines += location if archival else []
    lines += ["[online]", *(f"{name} = {text}" for name in ("publisher", "id", "url", "contents"))]
    lines += ["[[reprinted]]", f"text = {text}", f"pages = {text}"]
    lines += ["[published]", *(f"{name} = {text}" for name in ("container", "volume", "pages", "publisher", "doi"))]
    lines += ["[csl]", f"medium = {text}", f"dimensions = {text}", f"container-title-short = {text}"]
    return "\n".join(lines) + "\n"


MARKUPS = ("text", "html", "markdown", "rst", "latex", "typst", "rtf")
RUNS = (
    *(("cite", "bad", "--style", style, "-f", form) for style in ("wilson-center", "chicago") for form in MARKUPS),
    *(("bib", "bad", "--style", style, "-f", form) for style in ("wilson-center", "chicago") for form in MARKUPS),
    *(("bib", "bad", "--group", "archive", "-f", form) for form in MARKUPS),
    *(("cite", "bad", "-f", form) for form in ("bibtex", "csl-json")),
    *(("export", "--to", form) for form in ("bibtex", "csl-json")),
    ("cite", "bad", "--json"),
    ("cite", "bad", "-f", "html", "--jsonl"),
    ("cite", "bad", "--form", "short", *WILSON),
    ("bib", "bad", "--json"),
    ("bib", "bad", "--group", "archive", "--json"),
    ("list",),
    ("list", "--json"),
    ("list", "--jsonl"),
    ("show", "bad"),
    ("show", "bad", "--json"),
)
COMMAND = r"(?<!\\)(?:\\\\)*"  # not after a backslash that makes it a letter


@pytest.fixture
def attacked(library: Path, write: Write) -> Path:
    """A library with nothing but hostile records."""
    shutil.rmtree(library / "records")
    (library / "records").mkdir()
    write("bad", hostile(archival=True))
    write("bad2", hostile(archival=False))
    return library


@pytest.mark.parametrize("args", RUNS, ids=words)
@pytest.mark.parametrize("key", ["bad", "bad2"])
def test_nothing_in_a_record_is_obeyed(key: str, args: tuple[str, ...], run: Run, attacked: Path) -> None:
    asked = [key if arg == "bad" else arg for arg in args]
    code, stdout, stderr = run(*asked)
    assert code == 0, stderr
    assert stdout or (key, "--group") == ("bad2", args[2])  # it lies in no archive
    assert not OBEYED.search(stderr)
    assert not OBEYED.search(stdout)
    form = next((name for name in (*MARKUPS, "bibtex", "csl-json") if name in args), "")
    if form in ("html", "markdown"):
        assert not re.search(r"(?<!\\)<\s*/?\s*(script|img)", stdout, re.I)
    if form in ("latex", "bibtex", "markdown", "rtf"):
        assert not re.search(COMMAND + r"\\(input|write)", stdout)
    if form in ("latex", "bibtex"):
        assert "^^" not in stdout
    if form in ("latex", "markdown", "typst"):
        assert not re.search(COMMAND + r"\$", stdout)
    if form in ("markdown", "typst", "rst"):
        assert not re.search(COMMAND + "`", stdout.replace("\\ :sub:`", "").replace("\\ :sup:`", ""))
    if form == "typst":
        assert not re.search(COMMAND + "#eval", stdout)
    if args[0] == "cite" and form in MARKUPS:
        assert len(stdout.splitlines()) == 1
    if args == ("list",):
        assert len(stdout.splitlines()) == 2
    if "--json" in args or form == "csl-json":
        json.loads(stdout)


def test_an_address_becomes_no_command_in_bibtex(run: Run, library: Path, write: Write) -> None:
    url = "https://x.org/a\\input{/etc/passwd}^^5cinput^^7b/etc/passwd^^7d\"$%'`"
    write("bad", f'title = "T"\ndate = 1950\n[online]\nurl = {quoted(url)}\n')
    (line,) = [line for line in run("cite", "bad", "-f", "bibtex").stdout.splitlines() if line.startswith("  url =")]
    assert "\\" not in line
    assert "^^" not in line
    assert (line.count("{"), line.count("}")) == (1, 1)


def test_json_keeps_what_it_escapes(run: Run, attacked: Path) -> None:
    assert json.loads(run("show", "bad", "--json").stdout)["title"] == ATTACK


@pytest.mark.parametrize(
    "args",
    [
        ("cite", ATTACK),
        ("show", ATTACK),
        ("bib", ATTACK),
        ("export", ATTACK, "--to", "bibtex"),
        ("export", KEY, "--to", ATTACK),
        ("cite", KEY, "--style", ATTACK),
        ("cite", KEY, "--style", f"{ATTACK}.csl".replace("/", "")),
        ("cite", KEY, "--format", ATTACK),
        ("cite", KEY, "--form", ATTACK),
        ("cite", KEY, f"--{ATTACK}"),
        ("cite", f"{KEY}@{ATTACK}"),
        ("cite", KEY, "-o", f"no/{ATTACK}"),
        ("list", "--library", ATTACK),
        ("archives", "show", ATTACK),
        ("archives", ATTACK),
        ("completion", ATTACK),
        (ATTACK,),
    ],
    ids=lambda args: "-".join(word.replace(ATTACK, "ATTACK")[:12] for word in args),
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_on_the_command_line_is_obeyed(form: str, args: tuple[str, ...], run: Run, library: Path) -> None:
    given = [arg.replace("\0", "") for arg in args]  # no system passes NUL
    outcome = run(*given, *(["--json"] if form == "json" else []))
    assert outcome.code in (1, 2, 7)
    assert outcome.stderr
    assert not OBEYED.search(outcome.stdout + outcome.stderr)
    if form == "json":
        for line in outcome.stderr.splitlines():
            json.loads(line)


def test_nul_in_the_keys_that_are_read_is_refused(run: Run, library: Path) -> None:
    refused(run("cite", "-", stdin=f"{KEY}\0\n"), 2, "cannot be the key of a record")


def test_words_before_and_after_a_note_are_words(run: Run, library: Path) -> None:
    given = ATTACK.replace("\0", "")
    for form in MARKUPS:
        code, stdout, _ = run("cite", KEY, *WILSON, "-f", form, "--prefix", given, "--suffix", given)
        assert code == 0
        assert not OBEYED.search(stdout)
        assert len(stdout.splitlines()) == 1
        assert form not in ("html", "markdown") or not re.search(r"(?<!\\)<\s*/?\s*(script|img)", stdout, re.I)
        assert form != "latex" or not re.search(COMMAND + r"\\(input|write)", stdout)


def test_an_archive_of_the_library_cannot_command_the_terminal(run: Run, library: Path) -> None:
    text = quoted(ATTACK)
    fields = "\n".join(f"{name} = {text}" for name in ("name", "native", "romanized", "city", "country", "url", "note"))
    own = f'[[archive]]\nkey = "EVIL"\nsigla = ["EVIL", {text}]\nalso = ["VILE"]\n{fields}\n'
    own += f'former = [{{ sigla = ["OLD-EVIL", {text}], name = {text} }}]\n'
    (library / "records" / "_archives.toml").write_text(own)
    more = (
        (),
        ("find", "EVIL"),
        ("show", "EVIL"),
        ("show", "OLD-EVIL"),
        ("list", "--json"),
        ("show", "EVIL", "--json"),
    )
    for args in more:
        code, stdout, stderr = run("archives", *args)
        assert code == 0, stderr
        assert not OBEYED.search(stdout + stderr), args


def test_a_style_cannot_command_the_terminal(run: Run, library: Path) -> None:
    (library / "styles").mkdir()
    evil = INFO.replace(">t<", ">a\x9b31mb\x7f\u202ec<")  # XML allows these, though not ESC
    layout = '<text value="\x9b2J\x7f\u202e"/><text variable="title"/><blink x="\x9b"/>'
    (library / "styles" / "evil.csl").write_text(style(TITLE, info=evil))
    (library / "styles" / "worse.csl").write_text(style(layout, info=evil))
    (library / "styles" / "\x1b[31mred\nline.csl").write_text(style(TITLE))
    (library / "styles" / "$(reboot).csl").write_text(style(TITLE))
    (library / "note\x9b.csl").write_text("hello")
    for args in (
        ("styles",),
        ("styles", "--json"),
        ("styles", "find", "red"),
        ("styles", "show", "evil"),
        ("styles", "show", "evil", "--json"),
        ("styles", "check", "worse"),
        ("styles", "check", "worse", "--json"),
        ("styles", "check", "note\x9b.csl"),
        ("cite", KEY, "-s", "worse"),
        ("cite", KEY, "-s", "note\x9b.csl"),
        ("cite", KEY, "-s", "re"),
    ):
        _, stdout, stderr = run(*args)
        assert not OBEYED.search(stdout + stderr), args
        assert "$(reboot)" not in stdout, args
