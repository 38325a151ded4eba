"""The registry of archives: what a siglum stands for, where the archive is, how its shelfmarks are built.

The facts are in `citekit/data/archives.toml`; a library adds its own in `records/_archives.toml`, in the same form. The
text is cut into tables and only those that can answer are parsed, so that finding one archive costs a millisecond.

>>> shipped().find("РГАСПИ").name
'Russian State Archive of Socio-Political History'
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from citekit.errors import CitekitError, StorageError, UsageError, Where, did_you_mean, read_toml
from citekit.names import sought
from citekit.patterns import pattern
from citekit.shelfmark import OPIS, Level, Scheme, Script
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@frozen
class Former:
    """An earlier name of an archive, or of one that it took over; years are 0 where they are not known."""

    sigla: tuple[str, ...] = ()
    name: str = ""
    from_: int = 0
    until: int = 0

    def text(self) -> str:
        """The name with its sigla and years: "RTsKhIDNI, РЦХИДНИ (1991–1999)"."""
        said = ", ".join(part for part in (self.name, *self.sigla) if part)
        years = f"{self.from_ or ''}–{self.until or ''}"
        return f"{said} ({years})" if self.from_ or self.until else said


@frozen
class Example:
    """A shelfmark as the archive's scheme prints it, and where such a one was read; "composed" where nowhere."""

    text: str
    source: str


@frozen
class Archive:
    """One archive. *sigla* are current ones in both scripts; *unverified* names the fields that nobody has checked."""

    key: str
    sigla: tuple[str, ...]
    name: str
    native: str
    romanized: str
    city: str
    country: str
    scheme: Scheme
    also: tuple[str, ...] = ()
    url: str = ""
    note: str = ""
    former: tuple[Former, ...] = ()
    unverified: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    def siglum(self, script: Script = "Latn") -> str:
        """The siglum printed in *script*: the first one there, else the first of all."""
        return next((siglum for siglum in self.sigla if script_of(siglum) == script), self.sigla[0])

    def as_json(self) -> dict[str, object]:
        """The archive as plain JSON values, empty fields left out; the scheme as the names of its levels."""
        former = [{k.rstrip("_"): v for k, v in _asdict(old).items() if v} for old in self.former]
        whole = _asdict(self) | {
            "scheme": list(self.scheme.names()),
            "former": former,
            "examples": [_asdict(example) for example in self.examples],
        }
        return {key: value for key, value in whole.items() if value}


class AmbiguousArchiveError(UsageError):
    """A siglum that several archives share; *candidates* are all of them."""

    def __init__(self, name: str, candidates: tuple[Archive, ...]) -> None:
        said = "; ".join(f"{archive.key} ({archive.name}, {archive.city})" for archive in candidates)
        keys = " or ".join(archive.key for archive in candidates)
        super().__init__(f"{name!r} is the siglum of several archives: {said}", hint=f"write {keys}")
        self.candidates = candidates


_SHIPPED = Path(__file__).with_name("data") / "archives.toml"
_TABLE = pattern(r"^[ \t]*(?:\[\[[ \t]*archive[ \t]*\]\]|\[[ \t]*scheme\.([A-Za-z0-9_-]+)[ \t]*\])", re.M)
# Shells complete keys, some of them without quoting what they get
_KEY = r"[^\W_][\w.-]*"
_KEY_LINE = pattern(rf'^key[ \t]*=[ \t]*"({_KEY})"', re.M)


class _Table:
    """The text of one table, cut out of its file at *line* (from 0); parsed and folded when it is needed."""

    __slots__ = ("_folded", "line", "path", "text")

    def __init__(self, path: str, line: int, text: str) -> None:
        self.path, self.line, self.text, self._folded = path, line, text, ""

    def folded(self) -> str:
        """The text as names are compared (`fold`)."""
        self._folded = self._folded or fold(self.text)
        return self._folded

    def parsed(self) -> dict[str, Any]:
        """The table. Blank lines stand for what was before it, so that an error has its line."""
        return read_toml(self.path, "\n" * self.line + self.text)


class Registry:
    """Archives by key, siglum or name. Later texts add to earlier ones, and replace an archive with the same key."""

    def __init__(self, *sources: tuple[str, str]) -> None:
        """*sources* are (path, TOML text), in the order they are read; the path is for messages."""
        self._schemes: dict[str, _Table] = {}
        self._tables: list[_Table] = []
        self._parsed: dict[int, Archive] = {}
        self._built: dict[str, Scheme] = {}
        self._by_name: dict[str, tuple[Archive, ...]] = {}
        self._found: dict[str, tuple[tuple[Archive, ...], Former | None]] = {}
        for path, text in sources:
            starts = [*_TABLE.finditer(text)]
            ends = [*(start.start() for start in starts[1:]), len(text)]
            line, last = 0, 0
            for start, end in zip(starts, ends, strict=False):
                line, last = line + text.count("\n", last, start.start()), start.start()
                table = _Table(path, line, text[last:end])
                if start[1]:
                    self._schemes[start[1]] = table
                else:
                    self._tables.append(table)

    def find(self, name: str) -> Archive | None:
        """The archive that *name* means, or None where none is known.

        *name* is a key, a siglum in either script, a full name, a former siglum or name, or a name with its place
        behind a comma or its siglum in brackets ("Archive of the President, Russian Federation (APRF)").
        Raises AmbiguousArchiveError where several share the siglum.
        """
        found = self.lookup(name)
        return found[0] if found else None

    def sure(self, name: str) -> Archive | None:
        """The archive that *name* surely means: None where none is known, or where several share the siglum."""
        try:
            return self.find(name) if name else None
        except AmbiguousArchiveError:
            return None

    def knows(self, name: str) -> bool:
        """Whether an archive, or several, is called *name*."""
        try:
            return bool(name) and self.find(name) is not None
        except AmbiguousArchiveError:
            return True

    def lookup(self, name: str) -> tuple[Archive, Former | None] | None:
        """Like `find`, with the earlier name by which the archive was found, if it was by one."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        archives, former = self._found[name]
        if len(archives) > 1:
            raise AmbiguousArchiveError(name, archives)
        return (archives[0], former) if archives else None

    def _look_up(self, name: str) -> tuple[tuple[Archive, ...], Former | None]:
        if exact := self._named(name, lambda table: f'"{name}"' in table.text, str):
            return exact, None
        bracketed = re.search(r"\(([^()]+)\)", name)
        whole = name.split("(" if bracketed else ",")[0]
        for text in (name, whole, bracketed[1] if bracketed else ""):
            if not (folded := fold(text)):
                continue
            if near := self._named(folded, lambda table, folded=folded: folded in table.folded(), fold):  # type: ignore[misc]
                return near, None
            tables = (number for number, table in enumerate(self._tables) if folded in table.folded())
            former = [
                (archive, former)
                for archive in self._unique(self._archive(number) for number in tables)
                for former in archive.former
                if folded in map(fold, (*former.sigla, former.name))
            ]
            if former:
                return self._unique(archive for archive, _ in former), former[0][1]
        return (), None

    def _named(self, name: str, may_have: Callable[[_Table], bool], form: Callable[[str], str]) -> tuple[Archive, ...]:
        """The archives one of whose names is *name* after *form*; only tables that *may_have* it are parsed."""
        tables = (number for number, table in enumerate(self._tables) if may_have(table))
        archives = self._unique(self._archive(number) for number in tables)
        return tuple(archive for archive in archives if name in map(form, _names_of(archive)))

    def search(self, query: str) -> tuple[Archive, ...]:
        """The archives with every word of *query* in their table, however it is romanised, in the registry's order."""
        words = sought(query).split()
        hits = (n for n, table in enumerate(self._tables) if all(word in sought(table.text) for word in words))
        return self._unique(self._archive(number) for number in hits)

    def all(self) -> tuple[Archive, ...]:
        """Every archive, in the registry's order."""
        return self._unique(self._archive(number) for number in range(len(self._tables)))

    def keys(self) -> tuple[str, ...]:
        """The keys of all archives, in the registry's order. No table is parsed."""
        found = (_KEY_LINE.search(table.text) for table in self._tables)
        return tuple(dict.fromkeys(match[1] for match in found if match))

    def get(self, name: str) -> Archive:
        """The archive that *name* means. Raises UsageError where there is none, AmbiguousArchiveError for several."""
        archive = self.find(name)
        if archive is None:
            known = [word for known in self.all() for word in (known.key, *known.sigla)]
            hint = did_you_mean(name, known) or "`citekit archives` lists them"
            raise UsageError(f"no archive {name!r}", hint=hint)
        return archive

    def levels(self) -> frozenset[str]:
        """The names of the levels of every scheme, of the one for unknown archives too."""
        schemes = (OPIS, *(self._scheme(name) for name in self._schemes))
        return frozenset(name for scheme in schemes for name in scheme.names())

    def schemes(self) -> tuple[Scheme, ...]:
        """Every scheme, in the registry's order."""
        return tuple(self._scheme(name) for name in self._schemes)

    def names(self) -> Mapping[str, tuple[Archive, ...]]:
        """The archives by every name they have or had, as `fold` compares them; a name in use beats a former one."""
        if not self._by_name:
            now = [(fold(name), one) for one in self.all() for name in _names_of(one)]
            then = [(fold(name), one) for one in self.all() for old in one.former for name in (*old.sigla, old.name)]
            taken = {name for name, _ in now}
            for name, one in [*now, *((name, one) for name, one in then if name not in taken)]:
                self._by_name[name] = self._unique((*self._by_name.get(name, ()), one))
            self._by_name.pop("", None)
        return self._by_name

    def _unique(self, archives: Iterable[Archive]) -> tuple[Archive, ...]:
        return tuple({archive.key: archive for archive in archives}.values())

    def _archive(self, number: int) -> Archive:
        if number not in self._parsed:
            self._parsed[number] = self._read(self._tables[number])
        return self._parsed[number]

    def _read(self, table: _Table) -> Archive:
        fields = _Fields(table, "archive", table.parsed()["archive"][0])
        key = fields.one("key", str)
        if not re.fullmatch(_KEY, key):
            raise fields.wrong(f"{key[:80]!r} cannot be the key of an archive", hint="letters, digits and . _ -")
        name = fields.one("name", str)
        sigla = fields.all("sigla", str)
        if not sigla:
            raise fields.wrong("the archive has no siglum")
        return Archive(
            key=key,
            sigla=sigla,
            name=name,
            native=fields.one("native", str, name),
            romanized=fields.one("romanized", str, ""),
            city=fields.one("city", str, ""),
            country=fields.one("country", str, ""),
            scheme=self._scheme_of(fields),
            also=fields.all("also", str),
            url=fields.one("url", str, ""),
            note=fields.one("note", str, ""),
            former=tuple(_former(old) for old in fields.tables("former")),
            unverified=fields.all("unverified", str),
            examples=tuple(Example(one.one("text", str), one.one("source", str)) for one in fields.tables("examples")),
        )

    def _scheme_of(self, archive: _Fields) -> Scheme:
        name = archive.one("scheme", str, "")
        if name and name not in self._schemes:
            raise archive.wrong(f"there is no scheme {name!r}", hint=did_you_mean(name, self._schemes))
        return self._scheme(name) if name else OPIS

    def _scheme(self, name: str) -> Scheme:
        if name not in self._built:
            table = self._schemes[name]
            fields = _Fields(table, "scheme", table.parsed()["scheme"][name])
            levels = tuple(_level(level) for level in fields.tables("levels"))
            self._built[name] = Scheme(name, levels, fields.one("joint", str, ", "), _shape(fields))
        return self._built[name]


_T = TypeVar("_T")
_KINDS = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
_HINTS = {
    "archive": 'an archive has at least key = "...", sigla = ["..."] and name = "..."',
    "scheme": 'a level of a scheme is like { name = "fond", latin = ["f."], cyrillic = ["ф."] }',
}


class _Fields:
    """The fields of one table of a registry, or of a table inside it. What is missing or of another kind is an error
    with the line of the table."""

    def __init__(self, table: _Table, what: str, fields: Mapping[str, Any]) -> None:
        self._table, self._what, self._fields = table, what, fields

    @property
    def own(self) -> bool:
        """Whether it stands in a file of the user's."""
        return self._table.path != str(_SHIPPED)

    def wrong(self, message: str, *, hint: str = "") -> CitekitError:
        where = Where(self._table.path, self._table.line + 1)
        return CitekitError(message, where=where, hint=hint or _HINTS[self._what])

    def one(self, name: str, kind: type[_T], usual: _T | None = None) -> _T:
        """The field *name*, or what is usual where it is missing."""
        value = self._fields.get(name, usual)
        if value is None:
            raise self.wrong(f"the {self._what} lacks {name}")
        if type(value) is not kind:  # true is no number here
            raise self.wrong(f"{name} must be {_KINDS[kind]}")
        return value

    def all(self, name: str, kind: type[_T]) -> tuple[_T, ...]:
        """The list *name*, empty where it is missing."""
        values = self.one(name, list, [])
        if any(type(value) is not kind for value in values):
            raise self.wrong(f"each of {name} must be {_KINDS[kind]}")
        return tuple(values)

    def tables(self, name: str) -> tuple[_Fields, ...]:
        """The list of tables *name*, empty where it is missing."""
        return tuple(_Fields(self._table, self._what, one) for one in self.all(name, dict))

    def by_script(self, name: str) -> dict[Script, str]:
        """The table *name*, from "latin" and "cyrillic" to a text; empty where it is missing."""
        inner = _Fields(self._table, self._what, self.one(name, dict, {}))
        return {script: text for script, key in _SCRIPTS.items() if (text := inner.one(key, str, ""))}


_SCRIPTS: Mapping[Script, str] = MappingProxyType({"Latn": "latin", "Cyrl": "cyrillic"})


def _level(fields: _Fields) -> Level:
    return Level(
        name=fields.one("name", str),
        marks={script: marks for script, key in _SCRIPTS.items() if (marks := fields.all(key, str))},
        after=fields.one("after", bool, False),
        joint=fields.one("joint", str, "") or None,
        leaf=fields.one("leaf", bool, False),
        verso=fields.by_script("verso"),
        recto=fields.by_script("recto"),
        also=fields.all("also", str),
        bare=fields.one("bare", bool, False),
        shape=_shape(fields),
    )


def _shape(fields: _Fields) -> str:
    shape = fields.one("shape", str, "")
    try:
        re.compile(shape)
    except re.error as error:
        raise fields.wrong(f"shape is no regular expression: {error}") from error
    if fields.own and _repeats_twice(shape) and shape not in _shipped_source()[1]:
        hint = "write a class in the place of the group, like [0-9-]+"
        raise fields.wrong("shape repeats a group in which parts repeat; that may take for ever", hint=hint)
    return shape


def _repeats_twice(shape: str) -> bool:
    """Whether a regular expression repeats a group that may itself match in several ways, as "(a+)+" and "(a|a)*" do.

    >>> [_repeats_twice(shape) for shape in (r"(a+)+b", r"(?:a|ab)*", r"((\\d?)){3}", r"(?:\\d+/)?[A-Z)+]+", r"(ab)+")]
    [True, True, True, False, False]
    """
    inside = [False]
    tokens = _TOKENS.findall(shape)
    for token, after in zip(tokens, [*tokens[1:], ""], strict=False):
        if token[0] == "(":
            inside.append(False)
        elif token == ")":
            found = inside.pop() if len(inside) > 1 else False
            if found and after[:1] in tuple("*+{"):
                return True
            inside[-1] = inside[-1] or found
        elif token[0] in "*+?{|":
            inside[-1] = True
    return False


_TOKENS = pattern(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!]|P?<\w+>)|.", re.S)


def _former(fields: _Fields) -> Former:
    years = (fields.one(end, int, 0) for end in ("from", "until"))
    return Former(fields.all("sigla", str), fields.one("name", str, ""), *years)


def _asdict(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in cast("Any", value).__slots__}


def _names_of(archive: Archive) -> set[str]:
    return {archive.key, *archive.sigla, archive.name, archive.native, archive.romanized, *archive.also}


# Cyrillic letters that look like Latin ones, so that a siglum typed in the wrong alphabet is still found; and the i
# without a dot, which capitals turn into one with it
_LOOK_ALIKES = str.maketrans("авекмнорстухіјѕı", "abekmhopctyxijsi")
_IGNORED = pattern(r"[\s.'’´ʹ\u0307\u2010-\u2015-]+")


def fold(name: str) -> str:
    """*name* for comparing: case, spaces, stops, hyphens and the alphabet of look-alike letters do not count.

    >>> fold("ГА РФ") == fold("гарф"), fold("РГАНИ") == fold("PГAHИ")
    (True, True)
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name).casefold().translate(_LOOK_ALIKES))


def script_of(text: str) -> Script:
    """The script of most letters in *text*."""
    cyrillic = sum("\u0400" <= sign <= "\u04ff" for sign in text)
    return "Cyrl" if cyrillic * 2 > sum(sign.isalpha() for sign in text) else "Latn"


@cache
def shipped() -> Registry:
    """The registry that comes with citekit."""
    return Registry(_shipped_source())


def with_own(path: Path) -> Registry:
    """The shipped registry and the archives in the file *path*, which may replace shipped ones.

    Raises CitekitError with the place where the file is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CitekitError("the file is not UTF-8", where=Where(str(path)), hint="save it as UTF-8") from error
    except OSError as error:
        raise StorageError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    table = read_toml(str(path), text)
    for name, value in table.items():
        if name not in ("archive", "scheme") and isinstance(value, dict) and value.keys() & {"sigla", "name"}:
            header = re.search(rf"^[ \t]*\[[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*\]", text, re.M)
            where = Where(str(path), text.count("\n", 0, header.start()) + 1 if header else 0)
            raise CitekitError(f"[{name}] is no archive", where=where, hint="an archive begins with a line [[archive]]")
    written = table.get("archive", [])
    if not isinstance(written, list) or len(written) != sum(not found[1] for found in _TABLE.finditer(text)):
        hint = "each archive begins with a line [[archive]]"
        raise CitekitError("archives are written in another way than citekit reads", where=Where(str(path)), hint=hint)
    return Registry(_shipped_source(), (str(path), text))


def _shipped_source() -> tuple[str, str]:
    return str(_SHIPPED), _SHIPPED.read_text(encoding="utf-8")
