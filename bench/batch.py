"""How many documents a second, beside pandoc; and whether `citekit batch` takes memory and processes as it says.

Whole processes from start to end, each in turn with the others, so that a busy minute falls on all of them alike; of
several runs the median time and the greatest memory are printed. The records are those of `records.py`, the style is
chicago-notes-bibliography; each side sets a full note for each record and the sorted bibliography of all: citekit with
the few lines of `PROGRAM`, pandoc with a paragraph `x.[@key]` for each.

    python bench/batch.py [--runs N] [--items FILE] [--sizes N ...] [--lines N]

--items takes the first records of a CSL-JSON file instead of ours.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from start import PYTHON, ROOT, STYLE, citekit, pandoc, tidy

UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in which ru_maxrss is counted
PROGRAM = """
import sys
from citekit import csl
from pathlib import Path

def main(style, library):
    items = csl.read_items(Path(library).read_bytes())
    notes = [csl.Citation(number, (csl.CiteRequest(item.id),)) for number, item in enumerate(items, 1)]
    done = csl.process(csl.compile_style(Path(style).read_text(encoding="utf-8")), items, notes)
    print(*(text.plain() for text in done.notes), *(text.plain() for _, text in done.bibliography), sep="\\n")

main(*sys.argv[1:])
"""


@dataclass
class Bench:
    """One command, and what its runs took: seconds, seconds of a processor, mebibytes."""

    name: str
    command: list[str]
    documents: int
    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Runs the command once, in a process of its own."""
        with Path(os.devnull).open("wb") as nowhere:
            start = time.perf_counter()
            process = subprocess.Popen(self.command, cwd=ROOT, stdout=nowhere)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{self.name} ended with {process.returncode}")
        self.seconds.append(seconds)
        self.busy.append(usage.ru_utime + usage.ru_stime)
        self.mebibytes.append(usage.ru_maxrss * UNIT / 2**20)

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / median(self.seconds)

    @property
    def peak(self) -> float:
        """The greatest memory."""
        return max(self.mebibytes)


def write_records(folder: Path, sizes: list[int], items: Path | None) -> None:
    """Fills *folder* with a library of each size, `N.json`, and the manuscript that cites all of it, `N.md`.

    The records are made by another process: what this one has taken would count for those that it starts.
    """
    for size in sizes:
        library = folder / f"{size}.json"
        if items is None:
            with library.open("wb") as file:
                subprocess.run([PYTHON, str(ROOT / "bench" / "records.py"), str(size)], stdout=file, check=True)
        else:
            cut = "import json, sys; print(json.dumps(json.load(open(sys.argv[1]))[: int(sys.argv[2])]))"
            with library.open("wb") as file:
                subprocess.run([PYTHON, "-c", cut, str(items), str(size)], stdout=file, check=True)
        keys = "import json, sys; print(*(f'x.[@{one[\"id\"]}]\\n' for one in json.load(sys.stdin)), sep='\\n')"
        with library.open("rb") as read, library.with_suffix(".md").open("wb") as write:
            subprocess.run([PYTHON, "-c", keys], stdin=read, stdout=write, check=True)


def whole(folder: Path, sizes: list[int]) -> list[tuple[Bench, Bench]]:
    """For each size citekit and pandoc."""
    there = pandoc()
    if there is None:
        raise SystemExit(1)
    program, styles = there
    style = str(styles / f"{STYLE}.csl")
    pairs = []
    for size in sizes:
        library = str(folder / f"{size}.json")
        ours = Bench("citekit", [PYTHON, "-c", PROGRAM, style, library], size)
        words = [program, "--citeproc", "--csl", style, "--bibliography", library, "-t", "plain", "--wrap=none"]
        pairs.append((ours, Bench("pandoc 3.9", [*words, str(folder / f"{size}.md")], size)))
    return pairs


def lines(folder: Path, most: int) -> list[Bench]:
    """`citekit batch` with one process and with two, over *most* lines and over a tenth of them."""
    found = []
    for count in (most // 10, most):
        path = folder / f"{count}.jsonl"
        with path.open("wb") as file:
            maker = [PYTHON, str(ROOT / "bench" / "records.py"), str(count), "--lines"]
            subprocess.run(maker, stdout=file, check=True)
        for jobs in ("1", "2"):
            words = [*citekit(), "batch", str(path), "--style", STYLE, "--jobs", jobs]
            found.append(Bench(f"citekit batch --jobs {jobs}", words, count))
    return found


def in_turn(benches: list[Bench], runs: int) -> None:
    """Runs each of them so many times, in turn."""
    for number in range(runs):
        for bench in benches:
            bench.run()
        print(f"round {number + 1} of {runs}", file=sys.stderr)


def times(slow: list[float], quick: list[float]) -> float:
    """How many times as long the runs of one took as those of the other, round for round: the median."""
    return median(one / other for one, other in zip(slow, quick, strict=True))


def tell_whole(pairs: list[tuple[Bench, Bench]]) -> None:
    """Prints the table beside pandoc, and how time grows with the number of records."""
    print("| records | citekit, documents/s | pandoc 3.9, documents/s | times | citekit, MiB | pandoc, MiB | times |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for ours, theirs in pairs:
        rates = (
            f"{ours.documents:,} | {ours.rate:,.0f} | {theirs.rate:,.0f} | {times(theirs.seconds, ours.seconds):.1f}"
        )
        print(f"| {rates} | {ours.peak:.0f} | {theirs.peak:,.0f} | {theirs.peak / ours.peak:.1f} |")
    for ours, theirs in pairs:
        ratio = times(theirs.busy, ours.busy)
        print(f"\n{ours.documents:,}: pandoc keeps a processor busy {ratio:.1f} times as long")
    few, many = pairs[0], pairs[-1]
    for less, more in zip(few, many, strict=True):
        grown = median(more.seconds) / median(less.seconds)
        print(f"\n{more.name}: {more.documents:,} take {grown:.1f} times as long as {less.documents:,}")


def tell_lines(found: list[Bench]) -> None:
    """Prints the table of `citekit batch`."""
    print("\n| command | lines | seconds | of processors | lines/s | peak memory, MiB |")
    print("|---|---:|---:|---:|---:|---:|")
    for bench in found:
        took = f"{median(bench.seconds):.1f} | {median(bench.busy):.1f}"
        print(f"| `{bench.name}` | {bench.documents:,} | {took} | {bench.rate:,.0f} | {bench.peak:.0f} |")
    one, two = found[-2:]
    print(f"\ntwo jobs are {times(one.seconds, two.seconds):.2f} times as fast as one")


def main() -> int:
    """Measures and prints tables as Markdown."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--runs", type=int, default=5)
    reader.add_argument("--items", type=Path, help="a CSL-JSON file")
    reader.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    reader.add_argument("--lines", type=int, default=100_000, help="for `citekit batch`; 0 leaves it out")
    asked = reader.parse_args()
    tidy()
    with tempfile.TemporaryDirectory() as name:
        write_records(Path(name), asked.sizes, asked.items)
        pairs = whole(Path(name), asked.sizes)
        in_turn([bench for pair in pairs for bench in pair], asked.runs)
        tell_whole(pairs)
        if asked.lines:
            found = lines(Path(name), asked.lines)
            in_turn(found, max(1, asked.runs // 2))
            tell_lines(found)
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
