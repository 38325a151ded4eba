"""Where the milliseconds of `citekit cite KEY` go: its stages, one after the other, in fresh processes.

Medians of many processes. What the stages leave of the whole is the interpreter's own end and the script that starts
it. For the imports one by one: `python -X importtime -m citekit cite KEY`.

    python bench/stages.py [--runs N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from statistics import median

from start import KEY, PYTHON, ROOT, citekit, tidy

# Each stage does what the command does; the first line of each is its name
STAGES = {
    "imports": "from citekit.cli import main, _notes; from citekit.library import Library; "
    "from citekit.csl import compile_style, locale; from citekit import csl, mapping, markup",
    "library found, registry of archives": "library = Library.open(); library.registry",
    "record read": f"record, _ = library.record({KEY!r})",
    "style read": "name, source = library.style('chicago-notes-bibliography')",
    "locale": "locale.locale('en-US', [])",
    "style compiled, as far as a note goes": "style = compile_style(source)",
    "record to item": "item, = library._asks(name, source, None).items([record], alone=False)",
    "note": f"note = csl.process(style, [item], [csl.Citation(1, (csl.CiteRequest({KEY!r}),))], bibliography=False)",
    "written": "markup.write(note.notes[0], 'plain')",
}
CLOCK = "_clock.append(_time())\n"
PROGRAM = (
    "from time import perf_counter as _time\n_clock = []\n"
    + CLOCK
    + "".join(f"{stage}\n{CLOCK}" for stage in STAGES.values())
    + "import json; print(json.dumps(_clock))"
)


def milliseconds(command: list[str]) -> float:
    """How long a process takes from start to end."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def stages() -> list[float]:
    """How long each of the stages takes in one fresh process."""
    done = subprocess.run([PYTHON, "-c", PROGRAM], cwd=ROOT, check=True, capture_output=True)
    clock = json.loads(done.stdout)
    return [(after - before) * 1000 for before, after in pairwise(clock)]


def main() -> int:
    """Measures and prints a table as Markdown."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--runs", type=int, default=40)
    asked = reader.parse_args()
    tidy()
    stages()  # makes the bytecode and fills the system's cache
    cite = [*citekit(), "cite", KEY]
    runs = [(milliseconds(cite), milliseconds([PYTHON, "-c", "pass"]), *stages()) for _ in range(asked.runs)]
    whole, *parts = map(median, zip(*runs, strict=True))
    found = dict(zip(("interpreter", *STAGES), parts, strict=True))
    found["the rest"] = whole - sum(parts)
    print("| stage | ms | of the whole |", "|---|---:|---:|", sep="\n")
    for name, took in [*found.items(), ("whole process", whole)]:
        print(f"| {name} | {took:.1f} | {took / whole:.0%} |")
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
