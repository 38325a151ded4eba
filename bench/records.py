"""Makes archival records as CSL-JSON, always the same ones: what the timings of `batch.py` and `styles.py` cite.

Record number N depends on nothing but N, so that the first thousand of ten thousand are the thousand. They have the
shapes that a library of documents has: two thirds archival, the rest reports, books and articles; names in two scripts,
bodies, particles; whole dates and bare years.

    python bench/records.py COUNT            a JSON array
    python bench/records.py COUNT --lines    JSON Lines, as `citekit batch` reads them
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Table: TypeAlias = dict[str, Any]

SEED = 1953
FAMILIES = (
    "Abakumov", "Bedell Smith", "Bierut", "Chuikov", "Clementis", "de Gaulle", "Dimitrov", "Djilas", "Eden", "Gottwald",
    "Gheorghiu-Dej", "Hopkins", "Kardelj", "Koval", "Kuznetsov", "Malik", "Mikoyan", "Nagy", "Ó Briain", "Panyushkin",
    "Pauker", "Petrov", "Rákosi", "Silin", "Sokolovsky", "Şevket", "Tsarapkin", "Ulbricht", "Wang", "Zorin",
)  # fmt: skip
GIVENS = (
    "A.", "Aleksandr", "Anna M.", "Boris F.", "Dean", "Georgii K.", "Hans-Jürgen", "I. V.", "Ivan", "Jakub", "Klement",
    "Lidia", "Maria Teresa", "N. S.", "Pavel A.", "Rudolf", "Semyon", "Valerian A.", "Walter", "Yakov", "Zdeněk",
)  # fmt: skip
CYRILLIC = (("Булганин", "Н. А."), ("Вознесенский", "Н. А."), ("Маленков", "Г. М."), ("Суслов", "М. А."))
BODIES = ("Embassy of the USSR in Tehran", "Main Political Directorate", "Ministry of Foreign Trade", "Cominform")
TRANSLATORS = (("Baker", "Ruth"), ("Ivanova", "Svetlana"), ("Lind", "Erik O."), ("Osgood", "Peter"))
SUBJECTS = (
    "Grain Deliveries", "the Withdrawal of Troops from Azerbaijan", "“Trade & Aid” with Romania", "the Press Law",
    "the Danube Conference", "the Second Five-Year Plan", "Repatriation", "a Visit by the ‘Friendship Society’",
    "Oil Concessions in the North", "the Trusteeship over Libya", "Reparations", "Questions of the Straits",
)  # fmt: skip
TITLES = {
    "manuscript": ("Diary of {who}: {what}", "Notes of a Talk with {who}, {day}", "Справка о поездке: {what}"),
    "document": ("Memorandum by {who} on {what}", "Resolution No. {n}, ‘On {what}’", "Telegram No. {n} from {who}"),
    "personal_communication": ("{who} to the Foreign Minister on {what}", "Letter of {who} about {what}"),
    "report": ("Monthly Survey No. {n}: {what}", "{what}: Report of a Commission"),
    "book": ("{what}, {n}–{m}: Documents", "История вопроса: {what}", "The Politics of {what}"),
    "article-journal": ("{what} Reconsidered", "“Nothing to Report”: {who} and {what}"),
}
TYPES = tuple(TITLES)
WEIGHTS = (33, 23, 12, 10, 12, 10)
PLACES = ("Moscow", "London", "Washington, DC", "Praha", "Київ")
PRESSES = ("Progress", "Harvard University Press", "Наука", "Academia")
JOURNALS = ("Cold War Studies Quarterly", "Исторический архив", "Contemporary Records")
ARCHIVES = (
    ("RGASPI", "Moscow", "f. {f}, op. {o}, d. {d}, ll. {l}–{m}"),
    ("AVP RF", "Moscow", "f. 0{f}, op. {o}, p. {m}, d. {d}, l. {l}"),
    ("ЦДАГО", "Київ", "ф. {f}, оп. {o}, спр. {d}, арк. {l}"),
    ("National Archives", "College Park, MD", "RG {f}, box {d}, folder {o}"),
    ("The National Archives", "Kew", "FO 371/{d}, fol. {l}"),
    ("Národní archiv", "Praha", "KSČ-ÚV, sv. {o}, a. j. {d}"),
)
DAYS = ("2 March", "17 May", "30 September", "8 December")


def record(number: int) -> Table:
    """The CSL-JSON object of the record *number*, from 0."""
    dice = random.Random(f"{SEED}/{number}")
    kind = dice.choices(TYPES, WEIGHTS)[0]
    made: Table = {"id": f"rec{number:06}", "type": kind, "title": _title(dice, kind)}
    count = dice.choices((1, 2, 3, 4, 9), (70, 16, 8, 4, 2))[0]
    made["author"] = [_person(dice) for _ in range(count)]
    made["issued"] = _date(dice, 1917, 1991, precision=dice.choices((3, 2, 1), (75, 10, 15))[0])
    if kind in ("manuscript", "document", "personal_communication") or (kind == "report" and dice.random() < 0.6):
        made |= _in_archive(dice, number, kind)
    if kind in _PRINTED:
        made |= _PRINTED[kind](dice, number)
    return made | ({"note": "Copy; 5% of it is illegible & torn."} if dice.random() < 0.1 else {})


def records(count: int) -> Iterator[Table]:
    """The first *count* records."""
    return map(record, range(count))


def _title(dice: random.Random, kind: str) -> str:
    who = f"{dice.choice(GIVENS)} {dice.choice(FAMILIES)}"
    day = f"{dice.choice(DAYS)} {dice.randint(1917, 1991)}"
    first = dice.randint(1, 900)
    title = dice.choice(TITLES[kind]).format(who=who, what=dice.choice(SUBJECTS), day=day, n=first, m=first + 9)
    return title[0].upper() + title[1:]


def _person(dice: random.Random) -> Table:
    chance = dice.random()
    if chance < 0.06:
        family, given = dice.choice(CYRILLIC)
        return {"family": family, "given": given}
    if chance < 0.14:
        return {"literal": dice.choice(BODIES)}
    particle = {"non-dropping-particle": dice.choice(("van", "von der", "de"))} if chance < 0.17 else {}
    return {"family": dice.choice(FAMILIES), "given": dice.choice(GIVENS), **particle}


def _date(dice: random.Random, first: int, last: int, precision: int = 3) -> Table:
    return {"date-parts": [[dice.randint(first, last), dice.randint(1, 12), dice.randint(1, 28)][:precision]]}


def _in_archive(dice: random.Random, number: int, kind: str) -> Table:
    name, place, mark = dice.choice(ARCHIVES)
    leaf = dice.randint(1, 250)
    numbers = {"f": dice.choice((3, 17, 82, 131, 575)), "o": dice.randint(1, 160), "d": dice.randint(1, 1500)}
    made: Table = {"archive": name, "archive-place": place}
    made["archive_location"] = mark.format(**numbers, l=leaf, m=leaf + dice.randint(1, 9))
    if dice.random() < 0.7:
        made["publisher"] = dice.choice(("Digital Archive of Documents", "Institute of Recent History"))
        made["URL"] = f"https://archive.example/{number}"
        made["accessed"] = _date(dice, 2014, 2025)
    if dice.random() < 0.55:
        made["translator"] = [_translator(dice)]
    if kind == "personal_communication" and dice.random() < 0.8:
        made["recipient"] = [_person(dice)]
    if kind in ("manuscript", "document") and dice.random() < 0.4:
        made["genre"] = dice.choice(("memorandum", "telegram", "resolution", "typescript"))
    return made | ({"language": "ru-RU"} if dice.random() < 0.2 else {})


def _translator(dice: random.Random) -> Table:
    family, given = dice.choice(TRANSLATORS)
    return {"family": family, "given": given}


def _report(dice: random.Random, _: int) -> Table:
    number = str(dice.randint(1, 999))
    return {"publisher": "Foreign Office", "publisher-place": dice.choice(PLACES), "number": number, "genre": "Report"}


def _book(dice: random.Random, _: int) -> Table:
    made: Table = {"publisher": dice.choice(PRESSES), "publisher-place": dice.choice(PLACES)}
    made |= {"edition": dice.randint(2, 5)} if dice.random() < 0.3 else {}
    made |= {"translator": [_translator(dice)]} if dice.random() < 0.3 else {}
    return made | ({"editor": [_person(dice)]} if dice.random() < 0.4 else {})


def _article(dice: random.Random, number: int) -> Table:
    page = dice.randint(1, 300)
    return {
        "container-title": dice.choice(JOURNALS),
        "volume": str(dice.randint(1, 60)),
        "issue": str(dice.randint(1, 4)),
        "page": f"{page}–{page + dice.randint(5, 30)}",
        "DOI": f"10.5555/records.{number}",
    }


_PRINTED = {"report": _report, "book": _book, "article-journal": _article}


def main() -> int:
    """Prints the records."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("count", type=int)
    reader.add_argument("--lines", action="store_true", help="JSON Lines")
    asked = reader.parse_args()
    written = (json.dumps(one, ensure_ascii=False) for one in records(asked.count))
    if asked.lines:
        sys.stdout.writelines(f"{one}\n" for one in written)
    else:
        print("[", ",\n".join(written), "]", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
