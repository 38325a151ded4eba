"""Persons and bodies: how records write them and what parts they have.

`"Family, Given"` is a person; a name without a comma is printed as it stands. The table form carries the rest.
Romanisation of Cyrillic names and titles is here too, by the `iuliia` library, for search.

>>> parse("Molotov, V. M.").display()
'V. M. Molotov'
>>> parse("Fundação Getúlio Vargas").display()
'Fundação Getúlio Vargas'
"""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from typing import TYPE_CHECKING

from citekit.errors import ParseError
from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDERS = ("given-first", "family-first")


@frozen
class Name:
    """A person (with a *family* name) or a body or mononym (with a *literal*), and what was said of them.

    *order* "family-first" is for names that are never turned round (Mao Zedong). *for_* is the project that the work
    was done for, *from_* the language it was translated from, both in the words of the credits.
    """

    family: str = ""
    given: str = ""
    literal: str = ""
    particle: str = ""
    suffix: str = ""
    native: str = ""
    order: str = ""
    affiliation: str = ""
    for_: str = ""
    from_: str = ""

    def display(self) -> str:
        """The name in reading order, with its affiliation in brackets: "James G. Hershberg (Troy University)"."""
        if self.order == "family-first":
            parts = [self.particle, self.family, self.given]
        else:
            parts = [self.given, self.particle, self.family]
        name = self.literal or " ".join(part for part in parts if part)
        name += f", {self.suffix}" if self.suffix else ""
        return name + (f" ({self.affiliation})" if self.affiliation else "")


# What the table form is made of; `for` and `from` are no names in Python
KEYS = frozenset({field.name.rstrip("_") for field in fields(Name)} | {"name"})


def parse(text: str) -> Name:
    """name = family "," given ["," suffix] | literal

    Raises ParseError for an empty name and for one with an empty part.
    """
    if not text.strip():
        raise ParseError("a name needs words", text, (0, max(1, len(text))), hint='"Molotov, V. M."')
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise ParseError("a name needs words on both sides of its comma", text, (0, len(text)), hint='"Molotov, V. M."')
    if len(parts) == 1:
        return Name(literal=parts[0])
    if len(parts) > 3:
        hint = 'a body with commas in its name is a table: { literal = "..." }'
        raise ParseError("a name has at most two commas: family, given, suffix", text, (0, len(text)), hint=hint)
    return Name(family=parts[0], given=parts[1], suffix=parts[2] if len(parts) == 3 else "")


def from_table(table: Mapping[str, object]) -> Name:
    """Reads the table form: `name`, or `family` and `given`, or `literal`, and what else `Name` has; `for` and `from`
    say for whom and from what language. Other keys are left alone.

    A `name` with one comma is a person, as in `parse`; any other, and whatever is called `literal`, is printed as it
    stands. Raises ParseError for a value that is no string, and for a table without a name.

    >>> from_table({"name": "Szalontai, Balazs"}).display(), from_table({"literal": "NKVD, Section 1"}).display()
    ('Balazs Szalontai', 'NKVD, Section 1')
    """
    for key, value in table.items():
        if key in KEYS and not isinstance(value, str):
            raise ParseError(f"{key} of a name must be text", str(value), (0, len(str(value))))
    given = {key: str(value).strip() for key, value in table.items() if key in KEYS}
    if given.get("order", ORDERS[0]) not in ORDERS:
        order = given["order"]
        raise ParseError(f"a name has no order {order!r}", order, (0, len(order)), hint=f"one of {', '.join(ORDERS)}")
    words = given.pop("name", "")
    base = parse(words) if words.count(",") == 1 else Name(literal=words)
    rest = {key + "_" if key in ("for", "from") else key: value for key, value in given.items()}
    name = Name(**({field.name: getattr(base, field.name) for field in fields(Name)} | rest))
    if not (name.family or name.literal):
        raise ParseError(
            "a name needs a family name or a name", "", (0, 1), hint='{ family = "Molotov", given = "V. M." }'
        )
    return name


def same_person(name: Name, other: Name) -> bool:
    """Whether two names say the same person, whatever each was credited with."""
    return name.display() == other.display()


_CYRILLIC = pattern("[\u0400-\u04ff]")
# The letters that the schema, which is for Russian, leaves alone, and the Latin ones that are no letter with an accent
_OTHERS = str.maketrans(
    dict(
        zip(
            "ІіЄєҐґѢѣѲѳѴѵЈјЉљЊњЋћЂђЏџЅѕ",
            "I i Ie ie G g Ie ie F f Y y J j Lj lj Nj nj C c D d Dz dz Dz dz".split(),
            strict=True,
        )
    )
    | dict(zip("ŁłĐđØøÆæŒœßÞþÐðı", "L l D d O o Ae ae Oe oe ss Th th D d i".split(), strict=True))
)


def romanized(text: str) -> str:
    """*text* in plain Latin letters for finding and sorting: Cyrillic by ALA-LC without diacritics, accents dropped.

    Source: ALA-LC Romanization Tables, Russian, as the iuliia schema `ala_lc_alt`; the letters of Ukrainian,
    Belarusian, Serbian and old Russian by their own tables.

    >>> romanized("Молотов, В. М."), romanized("Jeleń"), romanized("Київ"), romanized("Gomułka")
    ('Molotov, V. M.', 'Jelen', 'Kiiv', 'Gomulka')
    """
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    bare = bare.translate(_OTHERS)
    if not _CYRILLIC.search(bare):
        return bare
    import iuliia

    return str(iuliia.ALA_LC_ALT.translate(bare))
