"""References are printed as their writers wrote them: the line comes back up to spaces, dashes and label spelling."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit import locators
from citekit.archives import shipped
from citekit.references import LONGEST, Reading, read, written
from citekit.shelfmark import Form, Part, Scheme, Script, Shelfmark, format_mark
from tests.shared import ROOT, shared_lines
from tests.strategies import ugly_text

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from citekit.archives import Archive

CASES = tomllib.loads((ROOT / "tests" / "cases" / "references.toml").read_text(encoding="utf-8"))["case"]
EXAMPLES = [example.text for archive in shipped().all() for example in archive.examples]
TEXTS = sorted({*EXAMPLES, *(case["text"] for case in CASES)})

# Lines that do not come back, and why. One that does now fails the test, and goes.
OTHERWISE = {
    "F0371/40696/U5407": "a scan's zero for a letter: the series is FO 371",
    "Российский государственный архив новейшей истории (далее – РГАНИ). Ф. 5. Оп. 30. Д. 7.": "announced",
    "РГАНИ. Ф. 5. On. 30. Д. 7. Л. 11": "a scan's letters for Оп.",
    "ДАКО Ф77 О3 С12 А9": "А is аркуш only in such codes",
    "Arhiva MAE, fond 71, dosar 17/1958, f. 30-31": "its f. is filă, a leaf",
}


# What a label may be spelled like. A word that stands for several levels is the same as any of their words.

SPELLINGS = {
    "fond": "f fond fonds fondas fondi фонд ф",
    "opis": "o op opis opis' opis’ opys ap apr n vop dans d ts о оп опись опис воп вопіс",
    "chast": "ch ч",
    "protokol": "prot прот",
    "perechen": "per perechen пер",
    "korobka": "k kor kart karton к кор карт картон",
    "papka": "p pap papka п пап папка",
    "portfel": "portf portfolio портф",
    "delo": "d dd delo dela g spr sprava ed.khr por пор b s l ae a.e file arhivna.edinica kh/n khn hn д дд дело спр"
    " справа ед.хр с c а.е аe х/н n no №",
    "poriadok": "por пор",
    "tetrad": "te tetr тетр",
    "dokument": "dok dokument doc docs document br док",
    "akt": "akt акт актовий.запис",
    "list": "l ll list listy lap lp t fol ark arkush л лл лист листы арк аркуш акруш",
    "page": "p pp page pages s o с сс стр стор сторінка",
    "folio": "f ff fol fols fo fos folio",
    "blatt": "bl blatt fol s",
    "karta": "k",
    "fila": "f ff fila filele",
    "fleta": "fl",
    "record_group": "rg record.group",
    "entry": "entry",
    "lot": "lot lot.file",
    "box": "box boxes caja",
    "container": "container",
    "folder": "folder folders dosar",
    "file": "file files",
    "reel": "reel rolik roll",
    "section": "section",
    "year": "year v viti",
    "issue": "issue issues",
    "country": "country",
    "image": "image images",
    "item": "record.id ref no nos nr № file.no inv inv.nr",
    "zespol": "z zespół",
    "wiazka": "w wiązka",
    "teczka": "t teczka",
    "dosar": "dosar",
    "dosja": "d dosja",
    "doboz": "doboz d",
    "jednotka": "a.j ar.j inv.j",
    "inventaris": "inv inv.nr",
    "band": "bd band",
    "volume": "vol",
}  # fmt: skip
LEVELS: dict[str, set[str]] = {}
for name, words in SPELLINGS.items():
    for word in words.split():
        LEVELS.setdefault(re.sub(r"[./]", "", word), set()).add(name)

LABEL = "|".join(
    sorted(
        (re.escape(word).replace(r"\.", r"\.?\s?") for words in SPELLINGS.values() for word in words.split()), key=len
    )[::-1]
)
# a label, its stop, the same again in brackets, "No."
TOKEN = re.compile(
    rf"(?P<side>(?<=\d)\s?(?:об|зв|адв|гр|ob|zv|adv|gr|v|verso)(?![^\W\d_])\.?)"
    rf"|(?P<label>№|(?<![^\W\d_])(?:{LABEL})(?![^\W\d_]))[.:]*-?(?:\s?[(\[][^()\[\]\d]+[)\]](?=\s?\[?\d))?"
    r"(?:\s?(?:№|Nos?\.?|nr\.|nos?\.?)(?=\s?\d))?"
    r"|\d+|[^\W\d_]+|(?P<free>(?<=\d)\.(?=-\d)|[-\u2010-\u2015\s]+)|.",  # "12.-15. lp." are ordinals
    re.I | re.S,
)


def normal(text: str) -> list[set[str] | str]:
    """The words and signs of *text* in their order; labels as the levels that they may name."""
    found: list[set[str] | str] = []
    for token in TOKEN.finditer(re.sub(r"\s+(?=[.,;])", "", text.strip())):
        if token["label"]:
            found.append(LEVELS[re.sub(r"[\s./]", "", token["label"].casefold())])
        elif token["side"]:
            found.append("verso")
        elif not token["free"]:
            found.append(token[0])
    return found


def same(left: str, right: str) -> bool:
    """Whether two lines are the same up to spaces, dashes and label spelling."""
    pairs = [*zip(normal(left), normal(right), strict=False)]
    return len(normal(left)) == len(normal(right)) and all(_alike(*pair) for pair in pairs)


def _alike(left: set[str] | str, right: set[str] | str) -> bool:
    return bool(left & right) if isinstance(left, set) and isinstance(right, set) else left == right


@pytest.mark.parametrize("text", TEXTS)
def test_a_reference_comes_back(text: str) -> None:
    assert same(written(read(text, shipped())), text) != (text in OTHERWISE), written(read(text, shipped()))


def test_every_real_reference_comes_back() -> None:
    texts = [line["text"] for line in shared_lines("archival/shelfmarks.jsonl")]
    differing = {text for text in texts if not same(written(read(text, shipped())), text)}
    assert differing == OTHERWISE.keys() & {*texts}


# Any order of any levels, in every scheme and both scripts, the archive before or behind

ARCHIVES = [archive for archive in shipped().all() if archive.sigla]
numbers = st.one_of(
    st.integers(1, 99_999).map(str), st.sampled_from("0102 059a Р-9478 R-5446 5а [120] 12/3 98-99 1-B".split())
)
bare = numbers.filter(lambda number: "[" not in number)  # in brackets and without a mark it is a title
leaf_lists = st.lists(
    st.sampled_from("5/0160/7ob/12об./3-4/190–91/160–163/474-82/5–7 об./12v".split("/")), min_size=1, max_size=3
).map(", ".join)


@st.composite
def levels_of(draw: DrawFn, scheme: Scheme, script: Script) -> list[str]:
    """Levels with their marks in any order; of a scheme with bare levels, one shelfmark by its rules."""
    form = Form(script, capital=draw(st.booleans()))
    if not all(level.marks for level in scheme.levels):
        largest = scheme.levels[: draw(st.integers(1, len(scheme.levels)))]
        values = [locators.parse(draw(leaf_lists)) if level.leaf else draw(bare) for level in largest]
        parts = [Part(level.name, value) for level, value in zip(largest, values, strict=True)]
        return [format_mark(Shelfmark(tuple(parts)), scheme, form)]
    levels = draw(st.lists(st.sampled_from(scheme.levels), min_size=1, max_size=5, unique=True))
    written = []
    for level in levels:
        value = draw(leaf_lists if level.leaf else numbers)
        mark = level.mark(script, plural=draw(st.booleans()))
        written.append(f"{mark.capitalize() if form.capital else mark}{draw(st.sampled_from(['', ' ']))}{value}")
    return written


@given(st.data(), st.sampled_from(ARCHIVES), st.sampled_from(["Latn", "Cyrl"]))
def test_a_shelfmark_comes_back_in_any_order(data: st.DataObject, archive: Archive, script: Script) -> None:
    siglum = data.draw(st.sampled_from(archive.sigla))
    levels = data.draw(levels_of(archive.scheme, script))
    joint = data.draw(st.sampled_from([", ", ". ", ",", " "]))
    mark = joint.join(levels).replace("..", ".")
    first = f"{siglum}{data.draw(st.sampled_from([', ', ': ', '. ', ' ']))}{mark}"
    text = data.draw(st.sampled_from([first, f"{mark}, {siglum}", f"{mark} ({siglum})", f"({siglum}) {mark}"]))
    assert_comes_back(text)


def assert_comes_back(text: str) -> None:
    reading = read(text, shipped())
    assert same(written(reading), text) or reading.unread, (text, written(reading), reading)


leaves_of_a_file = st.builds("d. {}, ll. {}".format, numbers, leaf_lists)
several = st.lists(
    st.one_of(
        leaves_of_a_file,
        st.builds("op. {}, {}".format, numbers, leaves_of_a_file),
        st.builds("f. {}, op. {}, {}".format, numbers, numbers, leaves_of_a_file),
        st.builds("GARF, f. {}, op. {}, {}".format, numbers, numbers, leaves_of_a_file),
    ),
    max_size=4,
)


@given(numbers, numbers, several)
def test_several_shelfmarks_come_back_without_what_they_share(fond: str, opis: str, others: list[str]) -> None:
    text = "; ".join([f"RGASPI, f. {fond}, op. {opis}, d. 1", *others])
    reading = read(text, shipped())
    assert same(written(reading), text)
    assert not reading.unread
    assert len(reading.locations) == 1 + len(others)


# The line is printed from the values


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("AVPRF, listy 190–91, papka 5, delo 3", "AVPRF, ll. 190–91, pap. 5, d. 3"),
        ("Дело 3, опись 1, фонд 17 (РГАСПИ)", "Д. 3, Оп. 1, Ф. 17 (РГАСПИ)"),
        ("d.5,op.1, f. 17; d. 6, l. 9. 12–19", "d. 5, op. 1, f. 17; d. 6, ll. 9. 12–19"),
        ("RGASPI 17/3/847/12-3", "RGASPI 17/3/847/12-3"),
        ("101. f., 2.-5. l., LVVA", "101. f., 2-5. l., LVVA"),
        ('Box 5, folder "Cuba, General", JFKL', 'Box 5, Folder "Cuba, General", JFKL'),
        ("Source: RGANI, Prot. No. 38 and f. 3, op. 1", "Source: RGANI, Prot. 38 and F. 3, Op. 1"),
        ("«Письмо» // ЦДАГО, арк. 5зв, спр. 1", "«Письмо» // ЦДАГО, арк. 5 зв., спр. 1"),
        ("Ibid., op. 3; all copies", "Ibid., op. 3; all copies"),
    ],
)
def test_marks_are_those_of_the_levels(text: str, printed: str) -> None:
    assert written(read(text, shipped())) == printed


def test_what_is_changed_in_the_values_is_changed_in_the_line() -> None:
    reading = read("d. 3, f. 17, ll. 190–91, RGASPI", shipped())
    changed = {**reading.locations[0], "delo": "4", "list": "7–8"}
    other = Reading((changed,), pieces=reading.pieces, form=reading.form)
    assert written(other) == "d. 4, f. 17, ll. 7–8, RGASPI"
    other = Reading(({**changed, "list": "verso?"},), pieces=reading.pieces, form=reading.form)
    assert written(other) == "d. 4, f. 17, ll. verso?, RGASPI"  # no leaf, and so as it is


def test_what_is_not_read_for_its_length_comes_back() -> None:
    text = "f. 1, " * LONGEST
    assert written(read(text, shipped())) == text.strip()


@given(ugly_text)
def test_any_reading_can_be_printed(text: str) -> None:
    written(read(text, shipped()))


def test_the_measure_tells_lines_apart() -> None:
    line = "RGASPI, f. 558, op. 11, d. 98, ll. 190–91"
    assert same(line, "RGASPI, Fond 558, o.11, delo 98, l.190-91")
    for other in (
        "f. 558, op. 11, d. 98, ll. 190–91, RGASPI",
        "RGASPI, f. 558, op. 11, d. 98, ll. 190–191",
        "RGASPI, f. 558, d. 98, op. 11, ll. 190–91",
        "RGASPI, op. 558, f. 11, d. 98, ll. 190–91",
        "RGASPI, f. 558, op. 11, d. 98, 190–91",
        "RGASPI, f. 558; op. 11, d. 98, ll. 190–91",
        "RGASPI f. 558, op. 11, d. 98, ll. 190–91, 5",
    ):
        assert not same(line, other)
