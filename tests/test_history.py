"""One change, one commit: only where it is asked for, only of its own files, and a commit that fails undoes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run, Write

KEY = "molotov-harriman-1945-11-19"
RECORD = f"records/{KEY}.toml"
WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(*arguments: str) -> str:
    """What git prints in the working directory."""
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout


def log() -> list[str]:
    """The messages of all commits but the first, the oldest first."""
    return git("log", "--reverse", "--format=%s").splitlines()[1:]


def files(commit: str = "HEAD") -> list[str]:
    """What a commit did to which files: "M records/a.toml"."""
    lines = git("show", "--no-renames", "--name-status", "--format=", commit).splitlines()
    return [line.replace("\t", " ") for line in lines]


def status() -> list[str]:
    """What is not committed, as `git status --porcelain` says it."""
    return git("status", "--porcelain").splitlines()


@pytest.fixture
def tree(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample library as a work tree that wants commits, and the working directory."""
    for name, value in WHO.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(library.parent))
    (library / "citekit.toml").write_text("[git]\ncommit = true\n", encoding="utf-8")
    (library / ".gitignore").write_text(".citekit.lock\n", encoding="utf-8")
    (library / "notes.txt").write_text("one\n", encoding="utf-8")
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    return library


# Each command


@pytest.mark.parametrize(
    ("arguments", "message", "changed"),
    [
        (["set", KEY, "title=T"], f"set {KEY}", [f"M {RECORD}"]),
        (["new", "b", "title=T"], "new b", ["A records/b.toml"]),
        (["new", "b", "--like", KEY], "new b", ["A records/b.toml"]),
        (["edit", KEY], f"edit {KEY}", [f"M {RECORD}"]),
        (["rename", KEY, "b"], f"rename {KEY} to b", ["A records/b.toml", f"D {RECORD}"]),
        (["rm", KEY, "--yes"], f"rm {KEY}", [f"D {RECORD}"]),
        (["add", 'title = "T"', "--key", "b"], "add b", ["A records/b.toml"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_change_is_one_commit_with_a_plain_message(
    arguments: list[str], message: str, changed: list[str], tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "sed -i s/Molotov/M./")
    code, _, stderr = run(*arguments)
    assert (code, "not committed" in stderr) == (0, False)
    assert log() == [message]
    assert sorted(files()) == sorted(changed)
    assert status() == []


def test_several_records_are_one_commit(tree: Path, run: Run) -> None:
    for key in "abcde":
        run("new", key, "title=T")
    assert run("rm", *"abcde", "--yes").code == 0
    assert log()[-1] == "rm a, b, c and 2 more"
    assert files() == [f"D records/{key}.toml" for key in "abcde"]


@pytest.mark.parametrize(
    "arguments",
    [["set", KEY, "type=document"], ["set", KEY, "title=T", "--dry-run"], ["rename", KEY, KEY], ["edit", KEY]],
    ids=" ".join,
)
def test_what_changes_nothing_leaves_no_commit(
    arguments: list[str], tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    run("set", KEY, "type=document")
    before = log()
    code, _, stderr = run(*arguments)
    assert (code, "not committed" in stderr) == (0, False)
    assert (log(), status()) == (before, [])


# Only where it is asked for


@pytest.mark.parametrize("config", ["", "[git]\n", "[git]\ncommit = false\n"])
def test_nothing_is_committed_that_was_not_asked_for(config: str, tree: Path, run: Run) -> None:
    (tree / "citekit.toml").write_text(config, encoding="utf-8")
    git("commit", "--quiet", "--all", "--allow-empty", "-m", "config")
    code, _, stderr = run("set", KEY, "title=T")
    assert (code, stderr) == (0, "")
    assert (log(), status()) == (["config"], [f" M {RECORD}"])


# Only its own files


def test_other_files_stay_as_they_are_staged_dirty_or_new(tree: Path, run: Run, write: Write) -> None:
    write("staged", 'title = "S"\n')
    git("add", "records/staged.toml")
    (tree / "notes.txt").write_text("two\n", encoding="utf-8")
    git("add", "notes.txt")
    (tree / "notes.txt").write_text("three\n", encoding="utf-8")
    write("untracked", 'title = "U"\n')
    before = status()
    assert before == ["MM notes.txt", "A  records/staged.toml", "?? records/untracked.toml"]
    for arguments in (["set", KEY, "title=T"], ["new", "b", "title=T"], ["rename", KEY, "c"], ["rm", "b", "--yes"]):
        assert run(*arguments).code == 0
        assert status() == before
    assert log() == [f"set {KEY}", "new b", f"rename {KEY} to c", "rm b"]
    assert git("show", ":notes.txt") == "two\n"


def test_a_record_that_git_does_not_know_is_committed_when_it_changes(tree: Path, run: Run, write: Write) -> None:
    git("config", "status.showUntrackedFiles", "no")
    write("u", 'title = "U"\n')
    assert run("set", "u", "title=T").stderr == ""
    assert (log(), files()) == (["set u"], ["A records/u.toml"])


@pytest.mark.parametrize(
    ("arguments", "committed"),
    [(["rename", "u", "v"], ["rename u to v"]), (["rm", "u", "--yes"], [])],
    ids=["rename", "rm"],
)
def test_a_record_that_git_never_knew_is_not_missed(
    arguments: list[str], committed: list[str], tree: Path, run: Run, write: Write
) -> None:
    write("u", 'title = "U"\n')
    code, _, stderr = run(*arguments)
    assert (code, stderr) == (0, "")
    assert (log(), status()) == (committed, [])


def test_a_record_that_git_shall_ignore_is_not_committed(tree: Path, run: Run) -> None:
    (tree / ".git" / "info" / "exclude").write_text("records/private*\n", encoding="utf-8")
    assert run("new", "private-1", "title=T").stderr == ""
    assert (log(), status()) == ([], [])


def test_a_rename_that_was_only_staged_can_be_taken_back(tree: Path, run: Run) -> None:
    git("mv", RECORD, "records/b.toml")
    code, _, stderr = run("rename", "b", KEY)
    assert (code, stderr) == (0, "not committed: On branch main\nnothing to commit, working tree clean\n")
    assert [path.name for path in tree.glob("records/*.toml") if path.stem in ("b", KEY)] == [f"{KEY}.toml"]


def test_the_file_that_a_link_points_to_is_committed(tree: Path, run: Run) -> None:
    (tree / "more").mkdir()
    (tree / RECORD).rename(tree / "more" / "original.toml")
    (tree / RECORD).symlink_to("../more/original.toml")
    git("add", ".")
    git("commit", "--quiet", "-m", "link")
    assert run("set", KEY, "title=T").stderr == ""
    assert (log(), files()) == (["link", f"set {KEY}"], ["M more/original.toml"])
    assert run("rename", KEY, "b").stderr == ""
    assert sorted(files()) == ["A records/b.toml", f"D {RECORD}"]
    assert run("rm", "b", "--yes").stderr == ""
    assert (files(), status()) == (["D records/b.toml"], [])


def test_a_file_outside_of_the_tree_is_told(tree: Path, run: Run) -> None:
    target = tree.parent / "original.toml"
    (tree / RECORD).rename(target)
    (tree / RECORD).symlink_to(target)
    code, _, stderr = run("set", KEY, "title=T")
    assert code == 0
    assert stderr.startswith("not committed: fatal: ")
    assert "is outside repository" in stderr
    assert 'title = "T"' in target.read_text(encoding="utf-8")


def test_the_library_may_be_a_folder_of_the_tree_with_signs_that_git_would_read(tree: Path, run: Run) -> None:
    inner, other = (tree / name / "records" for name in ("a [b]*", "a b"))
    inner.mkdir(parents=True)
    other.mkdir(parents=True)
    (inner.parent / "citekit.toml").write_text("[git]\ncommit = true\n", encoding="utf-8")
    dirty = other / "a:b+c.toml"
    dirty.touch()
    git("add", ".")
    git("commit", "--quiet", "-m", "inner")
    dirty.write_text("# of somebody else\n", encoding="utf-8")
    for arguments in (["new", "a:b+c", "title=T"], ["set", "a:b+c", "title=U"], ["rm", "a:b+c", "--yes"]):
        assert run("--library", "a [b]*", *arguments).stderr == ""
    assert (log(), status()) == (["inner", "new a:b+c", "set a:b+c", "rm a:b+c"], [' M "a b/records/a:b+c.toml"'])


def test_another_repository_in_the_environment_is_not_meant(
    tree: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "other")], check=True)
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", str(tmp_path / "other"))
        patch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        assert run("set", KEY, "title=T").stderr == ""
    assert (log(), status()) == ([f"set {KEY}"], [])


# A commit that fails


def hook(tree: Path, script: str) -> None:
    """Makes *script* the hook that is asked before a commit."""
    path = tree / ".git" / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="latin-1")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no commits on Sundays >&2; exit 1", "no commits on Sundays"),
        ("echo said on stdout; exit 1", "said on stdout"),
        ("printf 'nicht \\344ndern' >&2; exit 1", "nicht \N{REPLACEMENT CHARACTER}ndern"),
        ("exit 1", "git ended with 1"),
    ],
    ids=["a reason", "on stdout", "not UTF-8", "none"],
)
def test_a_hook_that_refuses_is_told_and_undoes_nothing(script: str, said: str, tree: Path, run: Run) -> None:
    hook(tree, script)
    code, stdout, stderr = run("set", KEY, "title=T")
    assert (code, stderr) == (0, f"not committed: {said}\n")
    assert '+title = "T"\n' in stdout
    assert run("new", "b", "title=T").code == 0
    assert run("rename", KEY, "c").code == 0
    assert log() == []
    assert git("diff", "--cached", "--name-only", "--diff-filter=M") == ""
    assert {path.stem for path in (tree / "records").glob("[bc].toml")} == {"b", "c"}
    (tree / ".git" / "hooks" / "pre-commit").unlink()
    assert run("set", "b", "title=U").stderr == ""
    assert files() == ["A records/b.toml"]


def test_a_tree_without_a_commit_gets_its_first_one(tree: Path, run: Run) -> None:
    git("update-ref", "-d", "HEAD")
    assert run("set", KEY, "title=T").stderr == ""
    assert git("log", "--format=%s") == f"set {KEY}\n"
    assert files() == [f"A {RECORD}"]


def test_a_user_whom_git_does_not_know_is_told_how_to_introduce_himself(
    tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in WHO:
        monkeypatch.delenv(name)
    git("config", "user.useConfigOnly", "true")
    code, _, stderr = run("set", KEY, "title=T")
    assert code == 0
    assert stderr.startswith("not committed: Author identity unknown\n")
    assert 'git config --global user.email "you@example.com"' in stderr
    assert status() == [f" M {RECORD}"]


def test_a_library_in_no_work_tree_is_told(tree: Path, run: Run) -> None:
    (tree / ".git").rename(tree / "no git")
    code, _, stderr = run("set", KEY, "title=T")
    assert code == 0
    assert stderr.startswith("not committed: fatal: not a git repository")
    assert 'title = "T"' in (tree / RECORD).read_text(encoding="utf-8")


def test_a_machine_without_git_is_told(tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tree))
        code, _, stderr = run("set", KEY, "title=T")
    assert (code, stderr) == (0, "not committed: git cannot be started: no such file or directory\n")
    assert status() == [f" M {RECORD}"]


def test_a_tree_that_somebody_else_works_in_is_told(tree: Path, run: Run) -> None:
    (tree / ".git" / "index.lock").touch()
    code, _, stderr = run("set", KEY, "title=T")
    assert code == 0
    assert stderr.startswith("not committed: fatal: Unable to create ")
    (tree / ".git" / "index.lock").unlink()
    assert status() == [f" M {RECORD}"]
