"""How long it takes to read a BibTeX file and write it again, beside bibtexparser alone doing the same.

Ours: entries become drafts, drafts records, records entries again; and the bytes are those of the file. Theirs:
`parse_string` and `write_string` as they are by default. The file has the records of `records.py` as we write them.
Each run is a process of its own, ours and theirs in turn, so that what else the machine does meets both; seconds are
those of the processor from the text to the text, memory is the process's at its highest. Medians are printed.

    python bench/bibtex.py [--to bibtex|biblatex] [--runs N] [--entries N ...]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from citekit.record import Record

SIZES = (1_000, 10_000)
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in which ru_maxrss is counted


class Run(NamedTuple):
    """One run: seconds from text to text, and the most memory."""

    seconds: float
    mebibytes: float


def generated(count: int) -> list[Record]:
    """The first *count* records of `records.py`, their shelfmarks by levels."""
    from citekit.archives import shipped
    from citekit.csl.item import from_json
    from citekit.errors import Where
    from citekit.items import to_table
    from citekit.locations import at
    from citekit.record import parse
    from records import records

    made = []
    for item in records(count):
        table = to_table(from_json(item))
        for location in table.get("location", ()):
            if "shelfmark" in location:
                location |= at(location.get("archive", ""), location.pop("shelfmark"))[0]
        record, _ = parse(item["id"], table, shipped(), lambda _: Where(""))
        assert record
        made.append(record)
    return made


def ours(text: str, name: str) -> str:
    """The file through our reader, the records and our writer."""
    from citekit import formats
    from citekit.archives import shipped
    from citekit.errors import Where
    from citekit.exchange import ANY
    from citekit.record import parse

    drafts = formats.reader(name)(text, "")
    found = [parse(draft.key, draft.table, shipped(), lambda _: Where(""))[0] for draft in drafts]
    return formats.writer(name)([record for record in found if record], ANY).text


def theirs(text: str, _: str) -> str:
    """The file through bibtexparser as it is."""
    from bibtexparser.entrypoint import parse_string, write_string

    return str(write_string(parse_string(text)))


WAYS = {"ours": ours, "theirs": theirs}


def measured(way: str, name: str, path: Path) -> None:
    """Prints the seconds that *way* takes for the file; what it imports is not counted."""
    text = path.read_text(encoding="utf-8")
    WAYS[way](text[: text.find("\n}\n") + 3], name)  # one entry, for the imports
    start = time.process_time()
    back = WAYS[way](text, name)
    seconds = time.process_time() - start
    assert way == "theirs" or back == text
    print(seconds)


def run(way: str, name: str, path: Path) -> Run:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--to", name, "--measure", way, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0  # it was waited for
    process.stdout.close()
    return Run(float(said), usage.ru_maxrss * UNIT / 2**20)


def row(count: int, both: list[tuple[Run, Run]]) -> str:
    """One line of the table."""
    mine, other = (median(pair[number].seconds for pair in both) for number in (0, 1))
    ratio = median(one.seconds / two.seconds for one, two in both)
    memory, others = (max(pair[number].mebibytes for pair in both) for number in (0, 1))
    return f"| {count:,} | {mine:.2f} | {other:.2f} | {ratio:.2f} | {memory:.0f} | {others:.0f} |"


def main() -> int:
    """Measures and prints a table as Markdown."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--to", default="bibtex", choices=("bibtex", "biblatex"))
    reader.add_argument("--runs", type=int, default=5)
    reader.add_argument("--entries", type=int, nargs="+", default=SIZES)
    reader.add_argument("--measure", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.measure:
        measured(asked.measure[0], asked.to, Path(asked.measure[1]))
        return 0
    from citekit import formats
    from citekit.exchange import ANY

    print(
        "| entries | seconds | bibtexparser | times | MiB | bibtexparser |", "|---:|---:|---:|---:|---:|---:|", sep="\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.entries:
            path = Path(folder) / f"{count}.bib"
            path.write_text(formats.writer(asked.to)(generated(count), ANY).text, encoding="utf-8")
            both = [(run("ours", asked.to, path), run("theirs", asked.to, path)) for _ in range(asked.runs)]
            print(row(count, both), flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
