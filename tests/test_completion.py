"""Completion in shells: the scripts are good, and keys, styles and archives are offered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from citekit.cli import COMMANDS
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from tests.conftest import Outcome, Run

KEY = "molotov-harriman-1945-11-19"
CHECKS = {"bash": ("bash", "-n"), "zsh": ("zsh", "-n"), "fish": ("fish", "--no-execute")}


def installed(shell: str) -> str:
    """The shell's program; skips the test where there is none."""
    found = shutil.which(shell)
    if not found:
        pytest.skip(f"{shell} is not installed")
    return found


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which `citekit` is this citekit."""
    program = tmp_path / "bin" / "citekit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m citekit "$@"\n')
    program.chmod(0o755)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


def complete(cli: Run, line: str) -> Outcome:
    """What bash is told for *line*, whose last word is the one that is completed."""
    count = len(line.split()) - (not line.endswith(" "))
    return cli(env={"_CITEKIT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(count)})


def offered(cli: Run, line: str) -> list[str]:
    """The words offered for *line*; nothing else is printed, and all is well."""
    code, stdout, stderr = complete(cli, line)
    assert (code, stderr) == (0, ""), stdout
    return stdout.split()


@pytest.mark.parametrize("shell", CHECKS)
def test_the_script_is_one_the_shell_can_read(shell: str, run: Run, nowhere: Path) -> None:
    code, stdout, stderr = run("completion", shell)
    assert (code, stderr) == (0, "")
    assert "_CITEKIT_COMPLETE" in stdout
    (nowhere / "script").write_text(stdout)
    command = [installed(shell), *CHECKS[shell][1:], "script"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("citekit cite mol", [KEY]),
        ("citekit cite cable-1949-04-13 mol", [KEY]),
        ("citekit cite --style wilson-center mol", [KEY]),
        ("citekit cite cable-1949-04-13+mol", [f"cable-1949-04-13+{KEY}"]),
        ("citekit show mol", [KEY]),
        ("citekit bib mol", [KEY]),
        ("citekit export --to bibtex mol", [KEY]),
        ("citekit export --to bibt", ["bibtex"]),
        ("citekit export --for bi", ["biblatex-chicago"]),
        ("citekit export --for ", ["better-bibtex", "biblatex-chicago", "jabref", "mendeley", "pandoc", "zotero"]),
        ("citekit import --from to", ["toml"]),
        ("citekit import --on-conflict r", ["rename", "replace"]),
        ("citekit cite zzz", []),
        ("citekit cite --style wilson", ["wilson-center", "wilson-center-old"]),
        ("citekit bib -s wcd", ["wcda"]),
        ("citekit styles show wilson", ["wilson-center", "wilson-center-old"]),
        ("citekit archives show RGAS", ["RGASPI"]),
        ("citekit exp", ["export"]),
        ("citekit styles ch", ["check"]),
    ],
)
def test_what_can_follow_is_offered(line: str, expected: list[str], cli: Run, library: Path) -> None:
    assert sorted(offered(cli, line)) == expected


def test_with_nothing_typed_all_keys_our_styles_and_all_commands_are_offered(cli: Run, library: Path) -> None:
    assert offered(cli, "citekit cite ") == sorted(path.stem for path in (library / "records").glob("*.toml"))
    assert set(offered(cli, "citekit cite --style ")) >= {"chicago", "wcda", "wilson-center", "wilson-center-old"}
    assert len(offered(cli, "citekit cite --style ")) < 20
    assert set(offered(cli, "citekit ")) >= set(COMMANDS)


def test_the_library_that_the_line_names_is_asked(
    cli: Run, library: Path, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(nowhere)
    assert offered(cli, f"citekit --library {library} cite mol") == [KEY]
    assert offered(cli, f"citekit cite --library {library} mol") == [KEY]


def test_archives_of_the_library_are_offered(cli: Run, library: Path) -> None:
    own = '[[archive]]\nkey = "ATTIC"\nsigla = ["Attic"]\nname = "The Attic"\n'
    (library / "records" / "_archives.toml").write_text(own)
    assert offered(cli, "citekit archives show ATT") == ["ATTIC"]


def test_without_a_library_nothing_is_offered_and_nothing_said(cli: Run, nowhere: Path) -> None:
    assert offered(cli, "citekit cite mol") == []
    assert "wilson-center" in offered(cli, "citekit cite --style wilson")


@pytest.mark.parametrize("line", ["citekit cite mol", "citekit cite --style wilson", "citekit archives show RGAS"])
def test_a_broken_library_makes_completion_say_nothing(line: str, cli: Run, library: Path) -> None:
    (library / "citekit.toml").write_text("a = [")
    (library / "records" / "_archives.toml").write_text("a = [")
    code, _, stderr = complete(cli, line)
    assert (code, stderr) == (0, "")


def test_no_record_is_opened_to_complete_its_key(cli: Run, library: Path) -> None:
    (library / "records" / "molotov-broken.toml").write_text("= =")
    (library / "records" / "molotov-folder.toml").mkdir()
    assert set(offered(cli, "citekit cite molotov-")) >= {KEY, "molotov-broken"}


def test_names_of_files_are_offered_only_where_they_can_be_keys_and_styles(cli: Run, library: Path) -> None:
    (library / "styles").mkdir()
    for name in ("$(touch owned)", "`touch owned`", "con", "a b", "\x1b[31m", "-x"):
        (library / "records" / f"{name}.toml").write_text('title = "T"')
        (library / "styles" / f"{name}.csl").write_text("<style/>")
    keys = [path.stem for path in (library / "records").glob("*-*-*.toml")]
    found = offered(cli, "citekit cite ")
    assert sorted(set(found) - set(keys)) == sorted(set(found) & {"glorious-1992"})
    assert offered(cli, "citekit cite --style $") == []
    assert offered(cli, "citekit cite --style a") == [
        name for name in offered(cli, "citekit cite --style a") if name.isascii() and " " not in name
    ]


def test_bash_itself_completes(path: str, run: Run, library: Path) -> None:
    script = run("completion", "bash").stdout
    lines = {
        "citekit cite mol": KEY,
        "citekit archives show RGAS": "RGASPI",
        "citekit cite --style wilson-center-": "wilson-center-old",
    }
    for line, expected in lines.items():
        words = line.split()
        program = (
            f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}\n"
            '_citekit_completion citekit\nprintf "%s\\n" "${COMPREPLY[@]}"; complete -p citekit\n'
        )
        done = subprocess.run(
            [installed("bash"), "--norc", "--noprofile", "-c", program],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**os.environ, "PATH": path},
            check=False,
        )
        assert (done.stdout.splitlines(), done.stderr) == (
            [expected, "complete -o default -F _citekit_completion citekit"],
            "",
        )


def test_fish_itself_completes(path: str, run: Run, library: Path) -> None:
    (library / "script.fish").write_text(run("completion", "fish").stdout)
    program = 'source script.fish; complete -C "citekit cite mol"; complete -C "citekit archives show RGAS"'
    done = subprocess.run(
        [installed("fish"), "--no-config", "-c", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "PATH": path},
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == ([KEY, "RGASPI"], "")


def test_zsh_is_told_the_keys_in_its_own_form(cli: Run, library: Path) -> None:
    env = {"_CITEKIT_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "citekit cite mol"}
    code, stdout, stderr = cli(env=env)
    assert (code, stderr) == (0, "")
    assert stdout == f"_arguments '*: :((\"{KEY}\"))'\n"


def test_completing_a_key_among_a_thousand_is_quick(cli: Run, library: Path) -> None:
    for n in range(1000):
        (library / "records" / f"k{n:04}.toml").write_text('title = "T"')
    best = 9.0
    for _ in range(3):
        start = time.perf_counter()
        assert offered(cli, "citekit cite k0999") == ["k0999"]
        best = min(best, time.perf_counter() - start)
    assert best < 0.6  # the promise is 0.15 s; a busy machine that counts coverage has its excuse
