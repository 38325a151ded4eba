"""The documents tell the truth: every example of the README runs, every command, exit code and file is named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import citekit
from citekit import archives, record
from citekit.cli import COMMANDS, main
from citekit.cli._session import EXIT
from citekit.errors import Where

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SOURCES = sorted(path.relative_to(ROOT / "citekit").as_posix() for path in (ROOT / "citekit").rglob("*.py"))
MARK = "--- status "


def blocks(language: str, text: str = README) -> list[str]:
    """The fenced blocks of *language*, without their fences."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def examples(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines it must print."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def as_shown(line: str, expected: str) -> bool:
    """Whether *line* is *expected*, of which a trailing ellipsis leaves out the rest."""
    return line.startswith(expected[:-1]) if expected.endswith("…") else line == expected


def agrees(printed: list[str], expected: list[str]) -> bool:
    """Whether *printed* is *expected*, in which a line "..." leaves out any number of lines.

    >>> agrees(["a", "b", "c"], ["a", "..."]), agrees(["a", "b"], ["a"]), agrees(["abc"], ["a…"])
    (True, False, True)
    """
    if not expected:
        return not printed
    if expected[0].strip() == "...":
        return any(agrees(printed[skipped:], expected[1:]) for skipped in range(len(printed) + 1))
    return bool(printed) and as_shown(printed[0], expected[0]) and agrees(printed[1:], expected[1:])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the samples, and a program `citekit` that is this one."""
    root = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "records", root / "records")
    program = root / "bin" / "citekit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m citekit "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return root


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: examples(block)[0][0])
def test_every_example_of_the_readme_prints_what_it_says(block: str, library: Path) -> None:
    told = examples(block)
    script = "".join(f"{command}\ncode=$?; echo '{MARK}'$code; (exit $code)\n" for command, _ in told)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CITEKIT", "COVERAGE"))}
    path = os.pathsep.join([str(library / "bin"), os.environ.get("PATH", os.defpath), "/usr/bin", "/bin"])
    environment = kept | {
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "HOME": str(library),
        "XDG_DATA_HOME": str(library / "data"),
    }
    run = subprocess.run(
        ["sh"],
        input=script.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=library,
        env=environment,
        timeout=120,
        check=False,
    )
    outputs = re.split(rf"^{MARK}\d+\n", run.stdout.decode(), flags=re.M)
    assert len(outputs) == len(told) + 1
    for (command, expected), output in zip(told, outputs, strict=False):
        assert agrees(output.splitlines(), expected), f"$ {command}\n{output}"


@pytest.mark.parametrize("block", blocks("toml"))
def test_every_record_of_the_readme_is_valid(block: str) -> None:
    found, issues = record.parse("example", tomllib.loads(block), archives.shipped(), lambda at: Where("README.md"))
    assert found is not None
    assert issues == []


def test_the_record_on_the_first_screen_is_a_sample_shortened() -> None:
    sample = tomllib.loads((ROOT / "records" / "molotov-harriman-1945-11-19.toml").read_text(encoding="utf-8"))
    for name, value in tomllib.loads(blocks("toml")[0]).items():
        if isinstance(value, dict):
            assert value.items() <= sample[name].items()
        else:
            assert value == sample[name]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"citekit {command}" in README
    assert main([command, "--help"]) == EXIT.done
    assert f"citekit {command} " in capsys.readouterr().out


def test_every_example_of_the_readme_is_a_command_that_is_there() -> None:
    said = re.findall(r"(?:^\$ |\| |`)citekit ([a-z]+)", README, re.M)
    assert set(said) <= COMMANDS.keys()


def test_the_readme_names_the_exit_codes_and_no_others() -> None:
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", README, re.M)]
    assert codes == sorted(value for name, value in vars(EXIT).items() if not name.startswith("_"))


def test_the_set_up_of_the_readme_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make ([a-z-]+)", "".join(blocks("sh")), re.M)
    assert targets == ["cite", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


def test_the_links_of_the_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    for document in documents:
        links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
        assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_the_samples_and_the_archives_are_counted_right(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert re.findall(r"(\d+) documents (?:to try|of the Wilson)", text) == [str(len([*ROOT.glob("records/*.toml")]))]
    (said,) = re.findall(r"over (\d+) archives", text)
    assert int(said) < len(archives.shipped().keys()) < int(said) + 50


def test_the_changelog_has_an_entry_for_this_version() -> None:
    assert re.search(rf"^## {re.escape(citekit.__version__)}\b", CHANGELOG, re.M)


def test_nobody_is_told_to_install_the_project_that_has_our_name_on_pypi() -> None:
    documents = [README, CHANGELOG, *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))]
    bare = re.compile(r"pip3? install[^\n`]*\bcitekit\b(?!-archives)")
    assert [found[0] for text in documents for found in bare.finditer(text)] == []


@pytest.mark.parametrize("path", SOURCES)
def test_the_architecture_names_every_file(path: str) -> None:
    assert re.search(rf"(?<![\w/.]){re.escape(path)}(?![\w/])", ARCHITECTURE)


def test_the_architecture_names_no_file_that_is_not_there() -> None:
    plan = blocks("text", ARCHITECTURE)[0]
    named = re.findall(r"^ *([\w/]+\.py)\b", plan, re.M)
    assert sorted(named) == SOURCES
