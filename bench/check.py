"""How long `check` takes for a whole library, and how much memory: both must grow as the library does, and no faster.

Libraries of the shapes of the samples, always the same ones, in a temporary folder; one record in fifty has a fault of
`tests/cases/broken-library`. Whole processes are measured from start to end, their memory at its highest as the system
counts it; of several runs the median time and the greatest memory are printed.

    python bench/check.py [--runs N] [--records N ...]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from start import ROOT, citekit, make_records

SIZES = (1_000, 3_000, 10_000)
FAULTY = 50  # one record in so many
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in which ru_maxrss is counted


class Run(NamedTuple):
    """One run of the program."""

    seconds: float
    mebibytes: float
    findings: int


def make_library(folder: Path, count: int) -> None:
    """Writes a library of *count* records, each with an address of its own, one in fifty with a fault."""
    records = folder / "records"
    records.mkdir(parents=True)
    make_records(records, count)
    broken = sorted((ROOT / "tests" / "cases" / "broken-library" / "records").glob("C*.toml"))
    faults = [path.read_bytes() for path in broken if path.is_file()]
    for number, path in enumerate(sorted(records.iterdir())):
        if number % FAULTY:
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"(/document/)\d+", rf"\g<1>{number}", text), encoding="utf-8")
        else:
            path.write_bytes(faults[number // FAULTY % len(faults)])


def measure(folder: Path) -> Run:
    """Runs `check` in the library *folder*, in a process of its own."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen([*citekit(), "--quiet", "check"], cwd=folder, stdout=output)
        _, _, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = 0  # it was waited for
        output.seek(0)
        return Run(seconds, usage.ru_maxrss * UNIT / 2**20, sum(1 for _ in output))


def row(count: int, runs: list[Run]) -> str:
    """One line of the table."""
    seconds = median(run.seconds for run in runs)
    memory = max(run.mebibytes for run in runs)
    return f"| {count:,} | {seconds:.1f} | {seconds / count * 1000:.2f} | {memory:.0f} | {runs[0].findings:,} |"


def main() -> int:
    """Measures and prints a table as Markdown."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--runs", type=int, default=5)
    reader.add_argument("--records", type=int, nargs="+", default=SIZES)
    asked = reader.parse_args()
    os.environ.pop("CITEKIT_LIBRARY", None)
    print("| records | seconds | ms a record | peak memory, MiB | findings |", "|---:|---:|---:|---:|---:|", sep="\n")
    for count in asked.records:
        with tempfile.TemporaryDirectory() as name:
            make_library(Path(name), count)
            measure(Path(name))  # fills the system's cache
            print(row(count, [measure(Path(name)) for _ in range(asked.runs)]), flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
