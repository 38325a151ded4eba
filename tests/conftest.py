"""What the tests share: a library in a folder of its own, the program in this process and as one of its own.

No test reaches the network, the user's home, or a library that happens to lie above. `make test` says the same of the
same commit: its properties try the same examples each time. `make soak` tries others.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeAlias

import pytest
from hypothesis import settings

from citekit.cli import main

ROOT = Path(__file__).parents[1]
settings.register_profile("same", derandomize=True)
settings.register_profile("others", derandomize=False)
settings.load_profile(os.environ.get("CITEKIT_EXAMPLES", "same"))
PATIENCE = 60  # seconds until a program that hangs has failed


class Outcome(NamedTuple):
    """What a run of the program gave."""

    code: int
    stdout: str
    stderr: str


Run: TypeAlias = Callable[..., Outcome]  # run(*arguments, stdin="")
Write: TypeAlias = Callable[..., Path]  # write(key, toml)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the golden pages anew instead of comparing them; git shows what changed."""
    parser.addoption("--update-golden", action="store_true", help="write the pages in tests/cases anew")


def words(value: object) -> str | None:
    """The name of a case that is a command line."""
    return " ".join(value) if isinstance(value, tuple) else None


def _refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a test wants the network")


def pytest_configure() -> None:
    """A shell starts what runs in its background with Ctrl-C ignored; what the tests start would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No network, and homes of our own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refuse)
        patch.setattr(socket.socket, "connect_ex", _refuse)
        patch.setenv("HOME", str(home))
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        for name in ("CITEKIT_LIBRARY", "_CITEKIT_COMPLETE", "NO_COLOR", "FORCE_COLOR", "TERMINAL_WIDTH"):
            patch.delenv(name, raising=False)
        patch.setenv("COLUMNS", "100")
        yield


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample library, and the working directory."""
    folder = tmp_path / "library"
    shutil.copytree(ROOT / "records", folder / "records")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("CITEKIT_LIBRARY", raising=False)
    return folder


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with no library here or above, and the working directory."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("CITEKIT_LIBRARY", raising=False)
    return folder


@pytest.fixture
def write(library: Path) -> Write:
    """Writes a record into the library, as text or as bytes, and gives its path."""

    def _write(key: str, content: str | bytes) -> Path:
        path = library / "records" / f"{key}.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program in this process, on a machine whose locale knows ASCII only."""

    def _run(*args: str, stdin: str | bytes = "") -> Outcome:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        streams = [io.TextIOWrapper(io.BytesIO(given), "ascii"), *(_stream() for _ in range(2))]
        with monkeypatch.context() as patch:
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            code = main(list(args))
        return Outcome(code, _text(streams[1]), _text(streams[2]))

    return _run


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "ascii")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@pytest.fixture
def cli() -> Run:
    """The program as a process of its own, in the working directory."""

    def _cli(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None, timeout: float = PATIENCE) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "citekit", *args],
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            timeout=timeout,
            check=False,
        )
        return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return _cli
