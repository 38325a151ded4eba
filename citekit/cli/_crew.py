"""Many processes that answer lines: the lines go to them in chunks, the answers come back in the order of the lines.

Only so many chunks are under way that memory does not grow. A process ends with the one that started it, however that
ends; Ctrl-C is for that one alone.
"""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING, cast

from citekit.cli._desk import Desk
from citekit.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from citekit.cli._desk import Answers, Line, Lines

CHUNK = 100  # lines that go to a process at a time
CHUNK_BYTES = 1_000_000
AHEAD = 4  # chunks a process that may be under way


def together(desk: Desk, read: Iterator[Line], jobs: int) -> Iterator[Answers]:
    """The answers of the lines, in order, by *jobs* processes. Raises StorageError where one of them dies."""
    from multiprocessing.connection import wait

    pieces = chunks(read)
    sent = given = 0
    done: dict[int, Answers] = {}
    busy: dict[Connection, int] = {}
    with _crew(desk, jobs) as idle:
        while True:
            while idle and sent - given < AHEAD * jobs and (piece := next(pieces, None)):
                with _alive():
                    idle[-1].send(piece)
                busy[idle.pop()] = sent
                sent += 1
            if not busy:
                return
            for line in cast("list[Connection]", wait(list(busy))):
                with _alive():
                    done[busy.pop(line)] = line.recv()
                idle.append(line)
            while given in done:
                yield done.pop(given)
                given += 1


def chunks(read: Iterable[Line]) -> Iterator[Lines]:
    """The lines in lists of some hundred, fewer where they are long."""
    piece: Lines = []
    size = 0
    for line in read:
        piece.append(line)
        size += len(line[1] or b"")
        if len(piece) == CHUNK or size > CHUNK_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


@contextlib.contextmanager
def _alive() -> Iterator[None]:
    """Raises StorageError where the process at the other end is not."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise StorageError("a process of the batch has died", hint="fewer --jobs need less memory") from error


@contextlib.contextmanager
def _crew(desk: Desk, jobs: int) -> Iterator[list[Connection]]:
    """Starts *jobs* processes, gives the lines to them, and ends them."""
    from multiprocessing import Pipe, Process

    lines, crew = [], []
    # Ctrl-C is for us alone: it would end each of them with a message of its own
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for _ in range(jobs):
            ours, theirs = Pipe()
            process = Process(target=_work_at, args=(theirs, desk.root, desk.style_named, desk.markup), daemon=True)
            process.start()
            theirs.close()
            lines.append(ours)
            crew.append(process)
        signal.signal(signal.SIGINT, heard)
        yield lines
    finally:
        for process in crew:
            process.terminate()
        for process in crew:
            process.join()


def _work_at(line: Connection, root: Path, style: str, markup: str) -> None:
    """Answers lines as they come, until nobody sends any or the process that started this one has ended."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    desk = Desk(root, style, markup)
    parent = parent_process()
    with contextlib.suppress(EOFError, OSError):
        while line in wait([line, parent.sentinel] if parent else [line]):
            line.send(desk.answers(line.recv()))
