"""Cites that read alike are told apart: by more names, more of given names, `disambiguate="true"`, and year suffixes.

Source: CSL 1.0.2, "Disambiguation": the methods are tried in this order, each only on what the ones before it left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from citekit.csl.compile import PLAIN_NAMES, Names
from citekit.csl.names import FULL, INITIALS
from citekit.values import frozen

if TYPE_CHECKING:
    from citekit.csl.item import Name
    from citekit.csl.names import Shown


@frozen
class Added:
    """What one item's cites get so that they can be told from others."""

    names: Names = field(default=PLAIN_NAMES)
    disambiguate: bool = False
    suffix: int = 0


NOTHING = Added()
Look: TypeAlias = Callable[[str, Added], tuple[str, "Sequence[Shown]"]]  # an item's cite, and its lists of names


@dataclass(slots=True, eq=False, repr=False)
class Ways:
    """What a style allows."""

    names: bool
    givens: bool
    rule: str
    condition: bool
    suffix: bool

    def any(self) -> bool:
        """Whether there is anything to do."""
        return self.names or self.givens or self.condition or self.suffix


def tell_apart(ids: Sequence[str], look: Look, ways: Ways) -> dict[str, Added]:
    """What each of the items *ids*, in the order of the bibliography, gets. Items that get nothing are left out."""
    return _Work(look, ways).run(ids)


class _Work:
    def __init__(self, look: Look, ways: Ways) -> None:
        self.look = look
        self.ways = ways
        self.added: dict[str, Added] = {}
        self.seen: dict[str, tuple[str, Sequence[Shown]]] = {}  # the cites that got nothing

    def run(self, ids: Sequence[str]) -> dict[str, Added]:
        if self.ways.givens and self.ways.rule != "by-cite":
            self._by_name(ids)
        for group in self._alike(ids):
            self._separate(group)
        return {id_: self._with_entry(id_, added) for id_, added in self.added.items() if added != NOTHING}

    def _with_entry(self, id_: str, added: Added) -> Added:
        """*added* for the entry too: given names that tell apart do so in the bibliography (as in citeproc-js)."""
        if not self.ways.givens or added.names is PLAIN_NAMES:
            return added
        entry = partial(_of_entry, self.look, id_, added, initials=self.ways.rule.endswith("with-initials"))
        return replace(added, names=replace(added.names, entry=entry))

    def of(self, id_: str) -> Added:
        return self.added.get(id_, NOTHING)

    def shown(self, id_: str) -> tuple[str, Sequence[Shown]]:
        """The cite with what it got, and its lists of names."""
        if id_ in self.added:
            return self.look(id_, self.added[id_])
        if id_ not in self.seen:
            self.seen[id_] = self.look(id_, NOTHING)
        return self.seen[id_]

    def text(self, id_: str) -> str:
        return self.shown(id_)[0]

    def _alike(self, ids: Iterable[str]) -> list[list[str]]:
        """The ids whose cites read alike, in groups of two and more."""
        groups: dict[str, list[str]] = {}
        for id_ in ids:
            groups.setdefault(self.text(id_), []).append(id_)
        return [group for text, group in groups.items() if len(group) > 1 and text]

    def _separate(self, group: list[str]) -> None:
        rest = [group]
        if self.ways.names:
            rest = [left for one in rest for left in self._by_more_names(one)]
        if self.ways.givens and self.ways.rule == "by-cite":
            rest = [left for one in rest for left in self._by_given_names(one)]
        if self.ways.condition:
            rest = [left for one in rest for left in self._by_condition(one)]
        if self.ways.suffix:
            for one in rest:
                for number, id_ in enumerate(one, 1):
                    self.added[id_] = replace(self.of(id_), suffix=number)

    # more names

    def _by_more_names(self, group: list[str]) -> list[list[str]]:
        """Shows hidden names, one after the other, as long as that tells some of the group apart."""
        lists = {id_: self.shown(id_)[1] for id_ in group}
        if _all_alike(lists):
            return [group]
        most = max((len(shown.names) for blocks in lists.values() for shown in blocks), default=0)
        least = min(
            (shown.count for blocks in lists.values() for shown in blocks if shown.count < len(shown.names)),
            default=most,
        )
        for count in range(least + 1, most + 1):
            tried = {id_: self._with_names(id_, lists[id_], count) for id_ in group}
            parts = self._parts(group, tried)
            if len(parts) > 1:
                self.added |= tried
                return [left for part in parts if len(part) > 1 for left in self._by_more_names(part)]
        return [group]

    def _with_names(self, id_: str, lists: Sequence[Shown], count: int) -> Added:
        more = {block: count for block, shown in enumerate(lists) if shown.count < len(shown.names)}
        old = self.of(id_)
        return replace(old, names=replace(old.names, more={**old.names.more, **more})) if more else old

    def _parts(self, group: Sequence[str], tried: Mapping[str, Added]) -> list[list[str]]:
        parts: dict[str, list[str]] = {}
        for id_ in group:
            parts.setdefault(self.look(id_, tried[id_])[0], []).append(id_)
        return list(parts.values())

    # given names, as far as cites need them

    def _by_given_names(self, group: list[str]) -> list[list[str]]:
        """Shows more of one given name after the other, until the group falls apart."""
        lists = {id_: self.shown(id_)[1] for id_ in group}
        if _all_alike(lists):
            return [group]
        most = max((len(shown.names) for blocks in lists.values() for shown in blocks), default=0)
        counts = [0, *range(1, most + 1)] if self.ways.names else [0]
        for count in counts:
            for block, place in _places(lists.values(), count):
                for level in (INITIALS, FULL):
                    tried = {id_: self._with_given(id_, lists[id_], (block, place), level, count) for id_ in group}
                    parts = self._parts(group, tried)
                    if len(parts) > 1:
                        self.added |= tried
                        return [left for part in parts if len(part) > 1 for left in self._by_given_names(part)]
        return [group]

    def _with_given(self, id_: str, lists: Sequence[Shown], at: tuple[int, int], level: int, count: int) -> Added:
        old = self._with_names(id_, lists, count) if count else self.of(id_)
        levels = {**old.names.levels, at: level}
        return replace(old, names=replace(old.names, levels=levels))

    # given names wherever two persons read alike

    def _by_name(self, ids: Sequence[str]) -> None:
        """Every name that another person's reads like gets as much of its given name as it needs."""
        primary = self.ways.rule.startswith("primary-name")
        most = INITIALS if self.ways.rule.endswith("with-initials") else FULL
        names: dict[str, dict[Name, None]] = {}
        seen: list[tuple[str, int, int, Name, str]] = []
        for id_ in ids:
            for block, shown in enumerate(self.shown(id_)[1]):
                for place, name in enumerate(shown.names):
                    if (primary and place) or (place >= len(shown.parts) and not self.ways.names):
                        continue
                    short = name.literal or f"{name.non_dropping_particle} {name.family}"
                    names.setdefault(short, {})[name] = None
                    seen.append((id_, block, place, name, short))
        families = {short: _Family(found) for short, found in names.items() if len(found) > 1}
        for id_, block, place, name, short in seen:
            if name.literal or short not in families:
                continue
            if level := families[short].needed_level(name, most):
                old = self.of(id_)
                levels = {**old.names.levels, (block, place): level}
                self.added[id_] = replace(old, names=replace(old.names, levels=levels))

    # the condition in the style

    def _by_condition(self, group: list[str]) -> list[list[str]]:
        tried = {id_: replace(self.of(id_), disambiguate=True) for id_ in group}
        before = {self.text(id_) for id_ in group}
        parts = self._parts(group, tried)
        if len(parts) > 1 or {self.look(id_, tried[id_])[0] for id_ in group} != before:
            self.added |= tried
        return [part for part in parts if len(part) > 1]


def _all_alike(lists: Mapping[str, Sequence[Shown]]) -> bool:
    """Whether all have the same names, which then tell nothing apart."""
    first, *others = ([tuple(shown.names) for shown in blocks] for blocks in lists.values())
    return all(other == first for other in others)


def _places(lists: Iterable[Sequence[Shown]], count: int) -> list[tuple[int, int]]:
    """Where names are shown in any of the lists: (number of the list, place in it), in order."""
    found = {
        (block, place)
        for blocks in lists
        for block, shown in enumerate(blocks)
        for place in range(min(len(shown.names), max(shown.count, count)))
    }
    return sorted(found)


def _of_entry(look: Look, id_: str, added: Added, *, initials: bool) -> tuple[Sequence[Sequence[Name]], Names]:
    """The lists of names of a cite, and what an entry adds to them: where cites have no *initials*, the whole given
    name was shown."""
    text, lists = look(id_, added)
    names = added.names
    if not initials:
        full = replace(names, levels=dict.fromkeys(names.levels, FULL))
        names = full if look(id_, replace(added, names=full))[0] == text else names
    return [shown.names for shown in lists], names


class _Family:
    """The persons of one family name, and how many of them have the same given name and initials. Names that differ
    by nothing but the spaces and stops of their given names are one person's."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.persons: dict[Name, Name] = {}  # the first way in which each is written
        for name in names:
            self.persons.setdefault(_person(name), name)
        self.givens = Counter(name.given for name in self.persons.values())
        self.initials = Counter(_initials(name.given) for name in self.persons.values())

    def needed_level(self, name: Name, most: int) -> int:
        """The least of a given name that tells *name* from the others, or as much as tells it from some; 0 where
        nothing up to *most* does."""
        own, initials = self.persons[_person(name)].given, _initials(name.given)
        others = len(self.persons) - 1
        if not others or not name.given:
            return 0
        if self.initials[initials] == (_initials(own) == initials):
            return INITIALS
        if most == INITIALS:
            return INITIALS if self.initials[initials] < len(self.persons) else 0
        return FULL if self.givens[name.given] - (own == name.given) < others else 0


def _person(name: Name) -> Name:
    """The name without what may differ where the person is the same."""
    given = name.given.replace(".", "").replace(" ", "")
    return name if given == name.given else replace(name, given=given)


def _initials(given: str) -> str:
    return "".join(word[:1] for word in given.replace("-", " ").replace(".", " ").split())


def letters(number: int) -> str:
    """A year suffix: 1 is "a", 27 is "aa".

    >>> [letters(number) for number in (1, 26, 27, 702, 703)]
    ['a', 'z', 'aa', 'zz', 'aaa']
    """
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("a") + rest) + out
    return out
