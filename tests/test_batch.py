"""`citekit batch`: each line is answered in its place, whatever it is and whatever happens to the others."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekit import csl
from citekit.cli import _crew, _desk, batch
from citekit.cli._session import Session
from citekit.errors import StorageError, StyleError
from citekit.markup import write
from tests.conftest import PATIENCE, Outcome, Run

KEY = "molotov-harriman-1945-11-19"
STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
  <info><title>T</title><id>x</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <macro name="broken"><text macro="none"/></macro>
  <citation><layout delimiter="; "><choose>
    <if type="software"><text macro="broken"/></if>
    <else-if type="entry"/>
    <else><group delimiter=", "><text variable="title" font-style="italic"/>
      <choose><if position="ibid"><text value="ibid."/></if></choose>
      <group delimiter=" "><label variable="locator" form="short"/><text variable="locator"/></group></group></else>
  </choose></layout></citation>
  <bibliography><layout suffix="."><text variable="title"/></layout></bibliography></style>"""
BOOK = {"id": "b", "type": "book", "title": "Archives & <i>Time</i>"}
BARE = {"type": "book", "title": "Bare"}


@pytest.fixture
def here(nowhere: Path) -> Path:
    """A folder without a library, with a small style in it."""
    (nowhere / "t.csl").write_text(STYLE)
    return nowhere


def lines(*tables: object) -> str:
    return "".join(f"{json.dumps(table)}\n" for table in tables)


def told(outcome: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def set_(run: Run, *tables: object) -> list[dict[str, Any]]:
    return told(run("batch", "-s", "t.csl", stdin=lines(*tables)))


# What a line may say


@pytest.mark.parametrize(
    ("table", "note", "bibliography"),
    [
        (BOOK, "Archives & Time", "Archives & Time."),
        ({"id": 7, "title": "No Type"}, "No Type", "No Type."),
        ({"id": 1.5, "title": "Wrong", "author": "nobody", "issued": [3], "x": None}, "Wrong", "Wrong."),
        ({"id": "d", "cites": [{"item": BOOK}]}, "Archives & Time", "Archives & Time."),
        ({"id": "d", "cites": [{"item": BOOK, "locator": "5"}]}, "Archives & Time, p. 5", "Archives & Time."),
        ({"id": "d", "cites": [{"item": BARE, "locator": 5, "label": "volume"}]}, "Bare, vol. 5", "Bare."),
        (
            {"id": "d", "cites": [{"item": BARE, "prefix": "see ", "suffix": " again"}, {"item": BOOK}]},
            "see Bare again; Archives & Time",
            "Bare.\nArchives & Time.",
        ),
        ({"id": "d", "cites": [{"item": BOOK}, {"item": BOOK}]}, "Archives & Time; Archives & Time, ibid.", None),
        ({"id": "d", "cites": [{"id": "q", "item": BARE, "position": "ibid"}]}, "Bare, ibid.", "Bare."),
    ],
)
def test_a_line_is_answered_with_its_note_and_its_bibliography(
    table: dict[str, Any], note: str, bibliography: str | None, run: Run, here: Path
) -> None:
    code, stdout, stderr = run("batch", "-s", "t.csl", stdin=lines(table))
    assert (code, stderr) == (0, "")
    expected = {"id": table["id"], "note": note, "bibliography": bibliography or "Archives & Time."}
    assert [json.loads(stdout)] == [expected]


@pytest.mark.parametrize("markup", batch.MARKUPS)
def test_an_item_comes_as_it_does_from_the_processor(markup: str, run: Run, here: Path) -> None:
    (answer,) = told(run("batch", "-s", "t.csl", "-f", markup, stdin=lines(BOOK)))
    text = csl.process(csl.compile_style(STYLE), [csl.from_json(BOOK)], [csl.Citation(1, (csl.CiteRequest("b"),))])
    assert answer["note"] == write(text.notes[0], "plain" if markup == "text" else markup)


def test_a_document_cites_records_of_the_library_as_cite_does(run: Run, library: Path) -> None:
    cites = [{"id": KEY, "locator": "l. 161"}, {"item": BARE}]
    (answer,) = told(run("batch", "-s", "wilson-center", stdin=lines({"id": 1, "cites": cites})))
    noted = run("cite", f"{KEY}@l.161", "-s", "wilson-center").stdout.strip()
    assert answer["note"].startswith(noted.rstrip("."))
    assert "Bare" in answer["note"]
    listed = run("bib", KEY, "-s", "wilson-center").stdout.strip()
    assert listed in answer["bibliography"].split("\n")


def test_a_locator_with_a_label_is_as_csl_has_it(run: Run, library: Path) -> None:
    (library / "t.csl").write_text(STYLE)
    cite = {"id": KEY, "locator": "161", "label": "folio"}
    (answer,) = set_(run, {"id": 1, "cites": [cite]})
    assert answer["note"].endswith(" fol. 161")


def test_the_librarys_own_file_says_the_style(run: Run, library: Path) -> None:
    (library / "citekit.toml").write_text('schema = 1\n[cite]\nstyle = "wilson-center"\n')
    assert told(run("batch", stdin=lines(BOOK))) == told(run("batch", "-s", "wilson-center", stdin=lines(BOOK)))


# What a line may not say


@pytest.mark.parametrize(
    ("line", "id_", "error"),
    [
        ("nonsense", None, "not JSON: expecting value at column 1"),
        ('{"id": 1, "title": "x', None, "not JSON: unterminated string starting at at column 20"),
        ('{"id": NaN}', None, "not JSON: NaN is no number"),
        ('{"id": 1, "volume": ' + "9" * 5000 + "}", None, "a number is too long"),
        ("[" * 100_000, None, "nested too deep"),
        ('{"id": 1, "x": ' + "[" * 100 + "]" * 100 + "}", None, "nested too deep"),
        ("[]", None, 'not an object (a line is a CSL-JSON item, or {"id", "cites"})'),
        ("null", None, 'not an object (a line is a CSL-JSON item, or {"id", "cites"})'),
        ('{"title": "x"}', None, 'no "id"'),
        ('{"id": true}', None, '"id" is neither text nor number'),
        ('{"id": null}', None, '"id" is neither text nor number'),
        ('{"id": 2, "cites": []}', 2, '"cites" is no list of objects'),
        ('{"id": 2, "cites": {"id": "x"}}', 2, '"cites" is no list of objects'),
        ('{"id": 2, "cites": ["x"]}', 2, '"cites" is no list of objects'),
        ('{"id": 2, "cites": [{"item": 3}]}', 2, '"item" is no object'),
        ('{"id": 2, "cites": [{"locator": "3"}]}', 2, 'no "id"'),
        ('{"id": 2, "cites": [{"item": {}, "locater": "3"}]}', 2, "a cite has no 'locater' (did you mean locator?)"),
        ('{"id": 2, "cites": [{"item": {}}], "style": "apa"}', 2, "a document has no 'style' (id, cites)"),
        ('{"id": 2, "cites": [{"item": {}, "prefix": 3}]}', 2, '"prefix" is not text'),
        ('{"id": 2, "cites": [{"item": {}, "mode": "x"}]}', 2, '"mode" is not author-only or suppress-author'),
        (
            '{"id": 2, "cites": [{"item": {"id": 1, "title": "A"}}, {"item": {"id": 1, "title": "B"}}]}',
            2,
            "two different items have the id '1'",
        ),
        ('{"id": 2, "type": "entry"}', 2, "the style prints nothing of it"),
        ('{"id": 2, "type": "software"}', 2, "t.csl:3: there is no macro 'none'"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_answered_says_why_in_its_place(
    line: str, id_: object, error: str, run: Run, here: Path
) -> None:
    given = f"{json.dumps(BARE | {'id': 1})}\n{line}\n{json.dumps(BARE | {'id': 3})}"
    code, stdout, stderr = run("batch", "-s", "t.csl", stdin=given)
    answers = [json.loads(answer) for answer in stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, id_, 3]
    assert answers[1] == {"id": id_, "error": error}
    assert (code, stderr) == (1, f"-:2: error: {error}\nerror: 1 of 3 lines failed\n")


def test_a_record_that_is_not_there_is_named_with_the_nearest(run: Run, library: Path) -> None:
    outcome = run("batch", stdin=lines({"id": 1, "cites": [{"id": "molotow"}]}, {"id": 2, "cites": [{"id": KEY}]}))
    assert outcome.code == 1
    wrong, right = told(outcome)
    assert wrong["error"].startswith("no record 'molotow'")
    assert wrong["error"].endswith(f"(did you mean {KEY}?)")
    assert "note" in right


def test_what_is_not_utf_8_has_its_byte_named(run: Run, here: Path) -> None:
    outcome = run("batch", "-s", "t.csl", stdin=b'{"id": 1, "title": "\xe9"}\n')
    assert told(outcome) == [{"id": None, "error": "not UTF-8 at byte 21"}]


def test_a_fault_of_ours_in_one_line_takes_no_other_with_it(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = csl.process

    def faulty(style: csl.Style, items: list[csl.Item], citations: list[csl.Citation]) -> csl.Result:
        if items[0].id == "2":
            raise ZeroDivisionError("nought")
        return process(style, items, citations)

    monkeypatch.setattr(csl, "process", faulty)
    answers = set_(run, *({"id": number, "title": "A"} for number in (1, 2, 3)))
    assert answers[1] == {"id": 2, "error": "a fault in citekit: ZeroDivisionError: nought"}
    assert answers[0]["note"] == answers[2]["note"] == "A"


def test_standard_error_names_ten_failed_lines_and_counts_all(run: Run, here: Path) -> None:
    (here / "in.jsonl").write_text("{}\n" * 12 + '{"id": 1, "title": "A"}\n' + "x\n" * 1000)
    code, stdout, stderr = run("batch", "in.jsonl", "-s", "t.csl", "--quiet")
    assert (code, len(stdout.splitlines())) == (1, 1013)
    *named, counted = stderr.splitlines()
    assert named == [f'in.jsonl:{number}: error: no "id"' for number in range(1, 11)]
    assert counted == "error: 1,012 of 1,013 lines failed"


def test_a_byte_order_mark_crlf_and_empty_lines_are_no_fault(run: Run, here: Path) -> None:
    given = b'\xef\xbb\xbf{"id": 1, "title": "A"}\r\n\r\n \t\n{"id": 2, "title": "B"}\r\n{"id": 3}'
    code, stdout, stderr = run("batch", "-s", "t.csl", stdin=given)
    assert [json.loads(line).get("note") for line in stdout.splitlines()] == ["A", "B", None]
    assert (code, stderr.splitlines()[0]) == (1, "-:5: error: the style prints nothing of it")
    assert run("batch", "-s", "t.csl", stdin=b"") == run("batch", "-s", "t.csl", stdin=b"\n\n") == (0, "", "")


texts = st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts | st.sampled_from(["id", "item"]), inner),
    max_leaves=8,
)
names = st.sampled_from(["id", "cites", "item", "type", "title", "author", "issued", "locator", "label", "position"])
cites = st.lists(st.dictionaries(names, values | texts | st.just(BOOK), max_size=4), max_size=3)
documents = st.dictionaries(names, values | cites, max_size=5) | values


@given(st.lists(documents.map(json.dumps) | texts, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_lines_are_answered_one_by_one_and_alike_in_any_company(given: list[str]) -> None:
    desk = a_desk()
    numbered: _desk.Lines = [(number, line.encode("utf-8", "replace")) for number, line in enumerate(given, 1)]
    together = desk.answers(numbered)
    answers = [json.loads(line) for line in together.text.splitlines()]
    for (number, line), found in zip(numbered, answers, strict=True):
        assert found.keys() in ({"id", "note", "bibliography"}, {"id", "error"})
        assert "fault" not in found.get("error", "")
        assert json.loads(desk.answers([(number, line)]).text) == found
    assert [number for number, _ in together.failed] == [n for n, one in enumerate(answers, 1) if "error" in one]


def a_desk(folder: Path = Path("nowhere")) -> _desk.Desk:
    return _desk.Desk(folder, "chicago-notes-bibliography", "plain")


# Options


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--style", "chicgo"), 2, "no style 'chicgo'"),
        (("--format", "htm"), 2, "no format 'htm'"),
        (("--jobs", "-1"), 2, "no number of jobs '-1'"),
        (("--jobs", "many"), 2, "no number of jobs 'many'"),
        (("--jobs", "257"), 2, "no number of jobs '257'"),
        (("none.jsonl",), 7, "cannot read none.jsonl: no such file or directory"),
        ((".",), 7, "cannot read .: it is a folder"),
        (("--output", "."), 7, "cannot write .: it is a folder"),
        (("--output", "none/x"), 7, "cannot write none/x: no such file or directory"),
        (("--library", "none"), 7, "no library in none"),
    ],
)
def test_a_wrong_option_is_named_before_any_line_is_read(
    args: tuple[str, ...], code: int, said: str, run: Run, nowhere: Path
) -> None:
    outcome = run("batch", *args, stdin=lines(BOOK))
    assert (outcome.code, outcome.stdout) == (code, "")
    assert said in outcome.stderr


def test_a_style_that_cannot_be_compiled_is_named_once(run: Run, here: Path) -> None:
    (here / "bad.csl").write_text('<style xmlns="http://purl.org/net/xbiblio/csl"/>')
    outcome = run("batch", "-s", "bad.csl", stdin=lines(BOOK, BOOK))
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("bad.csl:1: error: ")
    with pytest.raises(StyleError):
        _desk.Desk(here, str(here / "bad.csl"), "plain")


def test_output_is_a_file_that_is_there_whole_and_may_be_the_one_that_is_read(run: Run, here: Path) -> None:
    file = here / "x.jsonl"
    file.write_text(lines(*[BOOK] * 500))
    expected = run("batch", "x.jsonl", "-s", "t.csl").stdout
    assert run("batch", "x.jsonl", "-s", "t.csl", "-o", "x.jsonl") == (0, "", "")
    assert file.read_text() == expected
    assert sorted(path.name for path in here.iterdir()) == ["t.csl", "x.jsonl"]


def test_output_to_a_device_is_written_and_never_replaced(run: Run, here: Path) -> None:
    assert run("batch", "-s", "t.csl", "-o", "/dev/null", stdin=lines(BOOK)) == (0, "", "")
    assert Path("/dev/null").is_char_device()


def test_on_a_terminal_it_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(session: Session) -> str:
        moments = iter([0.0, 0.4, 0.6, 0.6, 0.7, 5.0, 5.0])
        monkeypatch.setattr(sys, "stderr", terminal := Terminal())
        monkeypatch.setattr(time, "monotonic", lambda: next(moments))
        with batch._progress(session) as step:
            for number in (10, 1_000, 1_100, 2_000):
                step(number)
        return terminal.getvalue()

    assert shown(Session()) == "\r1,000 lines\r2,000 lines\r\x1b[K"
    assert shown(Session(quiet=True)) == ""


# Large lines, many lines


def test_a_line_that_is_too_large_is_refused_in_its_place(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = json.dumps({"id": 1, "title": "A"}).encode()
    monkeypatch.setattr(_desk, "LARGEST", len(one) + 1)
    fits, large = one + b"\n", one + b" \n"
    outcome = run("batch", "-s", "t.csl", stdin=fits + large + fits + b"x" * 200_000 + b"\n" + fits + b"y" * 200)
    assert [answer.get("note") for answer in told(outcome)] == ["A", None, "A", None, "A", None]
    assert outcome.stderr.count("the line is larger than") == 3


def test_a_file_that_cannot_be_read_to_its_end_is_named_with_the_line() -> None:
    class Broken(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            if found := super().readline(-1 if size is None else size):
                return found
            raise OSError(5, "Input/output error")

    read = _desk.lines(Broken(b"{}\n"))
    assert next(read) == (1, b"{}")
    with pytest.raises(StorageError, match="cannot read line 2: input/output error"):
        next(read)


def _peak(args: list[str], path: Path) -> tuple[int, int]:
    """Runs a batch over a file; its exit code and the most memory that it took."""
    command = [sys.executable, "-m", "citekit", "batch", str(path), *args]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_memory_does_not_grow_with_the_lines(jobs: str, here: Path) -> None:
    peaks = []
    for count in (500, 20_000):
        path = here / f"{count}.jsonl"
        path.write_text(lines(*({"id": n, "type": "book", "title": f"{n % 500} " + "x" * 99} for n in range(count))))
        code, peak = _peak(["-s", "t.csl", "--jobs", jobs], path)
        assert code == 0
        peaks.append(peak)
    assert peaks[1] < 1.3 * peaks[0]


def test_a_line_of_fifty_megabytes_takes_no_fifty_megabytes(here: Path) -> None:
    (here / "small.jsonl").write_text("x\n")
    with (here / "large.jsonl").open("wb") as file:
        file.writelines([b'{"id": 1, "title": "', *[b"x" * 1_000_000] * 50, b'"}\n{"id": 2}\n'])
    (_, small), (code, large) = (_peak(["-s", "t.csl"], here / f"{name}.jsonl") for name in ("small", "large"))
    assert code == 1
    assert large - small < 40_000_000 // (1 if sys.platform == "darwin" else 1024)


# Many processes, and how they end


def many(count: int) -> str:
    """Lines of which one in fifty is none, one in seventy is empty."""
    made = [json.dumps({"id": n, "type": "book", "title": f"Title {n}" * (1 + n % 30)}) for n in range(count)]
    return "\n".join("?" if n % 50 == 7 else "" if n % 70 == 3 else line for n, line in enumerate(made))


@pytest.mark.parametrize("jobs", ["2", "5", "all", "0"])
def test_any_number_of_processes_gives_the_same_answers_in_the_same_order(jobs: str, run: Run, here: Path) -> None:
    expected = run("batch", "-s", "t.csl", "-f", "html", stdin=many(1_500))
    assert expected.code == 1
    assert run("batch", "-s", "t.csl", "-f", "html", "--jobs", jobs, stdin=many(1_500)) == expected


def test_long_lines_go_to_the_processes_in_small_pieces() -> None:
    long, short = b"x" * 400_000, b"x"
    pieces = list(_crew.chunks(enumerate([long] * 4 + [short] * 150 + [None], 1)))
    assert [len(piece) for piece in pieces] == [3, 100, 52]
    assert [number for piece in pieces for number, _ in piece] == list(range(1, 156))


def test_a_process_answers_what_it_is_sent_until_nobody_sends(here: Path) -> None:
    ours, theirs = Pipe()
    work = threading.Thread(target=_crew._work_at, args=(theirs, here, "t.csl", "plain"))
    work.start()
    ours.send([(4, b'{"id": 4, "title": "A"}'), (5, b"?")])
    answers = ours.recv()
    ours.close()
    work.join(PATIENCE)
    assert (answers.last, [number for number, _ in answers.failed], work.is_alive()) == (5, [5], False)


def test_it_works_where_processes_start_from_nothing(here: Path) -> None:
    program = (
        "import multiprocessing, sys\nfrom citekit.cli import main\n"
        "multiprocessing.set_start_method('spawn')\nsys.exit(main(['batch', '-s', 't.csl', '--jobs', '2']))"
    )
    given = many(300).encode()
    alone = subprocess.run([sys.executable, "-m", "citekit", "batch", "-s", "t.csl"], input=given, capture_output=True)
    spawned = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, timeout=PATIENCE)
    assert (spawned.returncode, spawned.stdout, spawned.stderr) == (alone.returncode, alone.stdout, alone.stderr)


@contextlib.contextmanager
def started(*args: str) -> Iterator[subprocess.Popen[bytes]]:
    """A batch that waits for lines, in a session of its own."""
    command = [sys.executable, "-m", "citekit", "batch", "-s", "t.csl", *args]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, start_new_session=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def children(process: subprocess.Popen[bytes], count: int) -> list[int]:
    """The processes that it has started, as soon as there are so many."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not listed.exists():
        pytest.skip("no /proc here")
    end = time.monotonic() + PATIENCE
    while len(found := listed.read_text().split()) < count and time.monotonic() < end:
        time.sleep(0.01)
    assert len(found) == count
    return [int(number) for number in found]


def gone(numbers: list[int]) -> bool:
    """Whether all these processes end."""
    end = time.monotonic() + PATIENCE
    while (left := [n for n in numbers if _lives(n)]) and time.monotonic() < end:
        time.sleep(0.01)
    return not left


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_line_is_answered_before_the_next_one_is_asked(here: Path) -> None:
    with started() as process:
        assert process.stdin
        assert process.stdout
        for number in (1, 2, 3):
            process.stdin.write(lines({"id": number, "title": "A"}).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("jobs", [1, 3])
def test_ctrl_c_ends_all_of_it_in_silence_and_leaves_no_file(jobs: int, here: Path) -> None:
    with started("--jobs", str(jobs), "-o", "out.jsonl") as process:
        assert process.stdin
        process.stdin.write(many(1_000).encode())
        process.stdin.flush()
        crew = children(process, jobs) if jobs > 1 else []
        end = time.monotonic() + PATIENCE
        while not list(here.glob(".citekit-*")) and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr
        assert process.stderr.read() == b""
        assert gone(crew)
    assert [path.name for path in here.iterdir()] == ["t.csl"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_one_that_started_it(number: signal.Signals, here: Path) -> None:
    with started("--jobs", "3") as process:
        crew = children(process, 3)
        process.send_signal(number)
        assert process.wait(PATIENCE) == -number
        assert gone(crew)


def test_a_process_that_dies_is_no_silent_loss(here: Path) -> None:
    with pytest.raises(StorageError, match="has died"), _crew._alive():
        raise EOFError
    with started("--jobs", "2") as process:
        for number in children(process, 2):
            os.kill(number, signal.SIGKILL)
        _, stderr = process.communicate(many(500).encode(), timeout=PATIENCE)
        assert process.returncode == 7
        assert stderr.startswith(b"error: a process of the batch has died\n")


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_reader_that_has_gone_ends_it_quietly(jobs: int, here: Path) -> None:
    with started("--jobs", str(jobs)) as process:
        assert process.stdin
        assert process.stdout
        crew = children(process, jobs) if jobs > 1 else []
        process.stdin.write(many(200).encode())
        process.stdin.flush()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(many(5_000).encode())
            process.stdin.close()
        assert process.wait(PATIENCE) == 0
        assert process.stderr
        assert process.stderr.read() == b""
        assert gone(crew)
