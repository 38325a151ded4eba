"""Leaves and pages are read as people write them and printed so that they read back; nothing else is guessed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekit.archives import shipped
from citekit.errors import ParseError
from citekit.locators import LABELS, Leaf, LeafRange, Locator, format_leaf, format_ranges, parse, roman
from tests.growth import LINEAR, growth_of_reading
from tests.strategies import Marks, labels, leaf_ranges, leaves, marks, ugly_text

# What is written, the label that is read, and the leaves as they are printed. Most were met in notes and catalogues.
READ = (
    ("161", "", "161"),
    ("l. 160", "folio", "160"),
    ("ll. 0160-0163", "folio", "0160-0163"),
    ("лл. 160–163 об.", "folio", "160-163v"),
    ("Лл. 4-6.", "folio", "4-6"),
    ("л.1об.-3", "folio", "1v-3"),
    ("арк. 27зв.-28", "folio", "27v-28"),
    ("14 зв", "", "14v"),
    ("12 адв.", "", "12v"),
    ("л. 12 гр.", "folio", "12v"),
    ("л. 12 гръб", "folio", "12v"),
    ("l. 12 grab", "folio", "12v"),
    ("l. 12 grŭb", "folio", "12v"),
    ("f. 12 verso", "folio", "12v"),
    ("f. 12 recto", "folio", "12r"),
    ("f. 12vo", "folio", "12v"),
    ("ff. 1r–11v", "folio", "1r-11v"),
    ("Bl. 5 Rs.", "folio", "5v"),
    ("Bl. 12Rs", "folio", "12v"),
    ("Bl. 12 Rückseite", "folio", "12v"),
    ("л. 7 оборот", "folio", "7v"),
    # the mark of a side that stands apart
    ("Л. 12 (об.)", "folio", "12v"),
    ("арк. 3 (зв)", "folio", "3v"),
    ("ll. 8 (ob.)-9", "folio", "8v-9"),
    ("l. 5, ob.", "folio", "5v"),
    ("ll. 5, ob., 7", "folio", "5v, 7"),
    ("Л. 5 и об.", "folio", "5-5v"),
    ("арк. 3 та зв., 7", "folio", "3-3v, 7"),
    ("ll. 5 and ob., 7", "folio", "5-5v, 7"),
    ("12r-v", "", "12r-12v"),
    ("12-v", "", "12-12v"),
    ("12a r–v", "", "12a r-12a v"),
    ("fol. 91", "folio", "91"),
    ("Bl. 4.", "folio", "4"),
    ("pp. 18, 30", "page", "18, 30"),
    ("p. 5 and 7", "page", "5, 7"),
    ("стр. 5 и 7", "page", "5, 7"),
    ("S. 5 u. 7", "page", "5, 7"),
    ("с. 5 та 7", "page", "5, 7"),
    ("pp. 5; 7 & 9", "page", "5, 7, 9"),
    ("ll. 5-6, 9, and 12ob", "folio", "5-6, 9, 12v"),
    ("Bl. 5, 12 und 15", "folio", "5, 12, 15"),
    ("арк. 3, 5 і 7 зв.", "folio", "3, 5, 7v"),
    ("k. 5 i 7", "folio", "5, 7"),
    ("k. 5, 7 oraz 9", "folio", "5, 7, 9"),
    ("pp. i, v", "page", "i, v"),
    ("p.5", "page", "5"),
    ("P5", "page", "5"),
    ("  5 ", "", "5"),
    ("№ 5", "issue", "5"),
    ("§5", "section", "5"),
    ("§§ 5–6", "section", "5-6"),
    ("¶ 5", "paragraph", "5"),
    ("[120]", "", "[120]"),
    ("[120] об.", "", "[120]v"),
    # a range that is written short is read in full
    ("474–82", "", "474-482"),
    ("153–5", "", "153-155"),
    ("190–91, 193", "", "190-191, 193"),
    ("190-0191", "", "190-0191"),
    ("199-200", "", "199-200"),
    # letters behind the figures, and before a side
    ("12а", "", "12а"),
    ("12A", "", "12A"),
    ("12а об.", "", "12а v"),
    ("12аоб.", "", "12а v"),
    ("12a ob", "", "12a v"),
    ("12av", "", "12a v"),
    ("12ar", "", "12a r"),
    ("12об", "", "12v"),
    ("12ооб", "", "12о v"),
    ("12ззв", "", "12з v"),
    # Roman numbers
    ("iv", "", "iv"),
    ("p. XII", "page", "XII"),
    ("pp. x–xii", "page", "x-xii"),
    ("x-xii", "", "x-xii"),
    ("i-v", "", "i-v"),
    ("l. v", "folio", "v"),
    ("v v", "", "v v"),
    ("ivob", "", "iv v"),
    ("iv об.", "", "iv v"),
    ("ivv", "", "iv v"),
    ("xiir", "", "xii r"),
    ("xv", "", "xv"),
    ("xvv", "", "xv v"),
    ("xvo", "", "x v"),
    ("viii-5", "", "viii-5"),
)


def read(text: str) -> tuple[str, str]:
    """The label of *text*, and its leaves printed with v and r."""
    found = parse(text)
    return found.label, format_ranges(found.ranges, verso="v", recto="r")


@pytest.mark.parametrize(("text", "label", "printed"), READ, ids=[case[0] for case in READ])
def test_a_locator_is_read(text: str, label: str, printed: str) -> None:
    assert read(text) == (label, printed)


def test_a_leaf_keeps_its_figures_and_its_side() -> None:
    assert parse("л. 0160-12341 об., [7]r") == Locator(
        "folio", (LeafRange(Leaf("0160"), Leaf("12341", "v")), LeafRange(Leaf("[7]", "r")))
    )


@pytest.mark.parametrize("number", ["5", "[5]", "iv", "0160", "12а"])
@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_read_before_any_number(label: str, number: str) -> None:
    expected = Locator(LABELS[label], (LeafRange(Leaf(number)),))
    for written in {label, label.capitalize(), label.upper()}:
        for between in (". ", ".", " ", "\N{NO-BREAK SPACE}", *([""] if number[0] in "[05" else [])):
            assert parse(f"{written}{between}{number}") == expected


# A label of the registry that means something else where no archive is known
ELSEWHERE = {"t.": "volume"}  # in Armenia a leaf, t'ert'


def test_every_mark_of_leaves_in_the_registry_is_a_label() -> None:
    levels = [level for archive in shipped().all() for level in archive.scheme.levels if level.leaf and not level.after]
    seen = {}
    for level in levels:
        for mark in sorted(set().union(*level.marks.values())):
            label = parse(f"{mark} 5").label
            if label != ("page" if level.name == "page" else "folio"):
                seen[mark] = label
    assert seen == ELSEWHERE


# Text, what is wrong with it, and the part that is at fault
REFUSED = (
    ("", "a leaf or page number is expected here", ""),
    ("лл. ", "a leaf or page number is expected here", "л"),
    ("Блатт 5", "unknown label 'Блатт'", "Блатт"),
    ("doc. 5", "unknown label 'doc'", "doc"),
    ("piv", "a leaf or page number is expected here", "p"),
    ("iix", "a leaf or page number is expected here", "i"),
    ("verso", "a leaf or page number is expected here", "v"),
    ("vo", "a leaf or page number is expected here", "v"),
    ("l. １２", "a leaf or page number is expected here", "１"),
    ("7-5", "range '7-5' runs backwards", "7-5"),
    ("l. 3, 12v-12r, 15", "range '12v-12r' runs backwards", "12v-12r"),
    ("x-v", "range 'x-v' runs backwards", "x-v"),
    ("5-iv", "range '5-iv' runs backwards", "5-iv"),
    ("5-", "not part of a locator", "-"),
    ("12r-r", "not part of a locator", "-r"),
    ("5, ", "not part of a locator", ", "),
    ("5,, 7", "not part of a locator", ",, 7"),
    ("l. 5, ob. 7", "not part of a locator", ", ob. 7"),
    ("l. 5 (v)", "not part of a locator", "(v)"),
    ("l. 5 i", "not part of a locator", "i"),
    ("l. 184 (Makhatadze)", "not part of a locator", "(Makhatadze)"),
    ("12абоб", "not part of a locator", "абоб"),
    ("5 and", "not part of a locator", "and"),
    ("1/2", "not part of a locator", "/2"),
    ("l. 5, d. 7", "not part of a locator", ", d. 7"),
    ("p. 5, l v", "not part of a locator", ", l v"),
    ("1" * 301, "not part of a locator", "1"),
)


@pytest.mark.parametrize(("text", "message", "fault"), REFUSED, ids=[case[0][:24] or "empty" for case in REFUSED])
def test_what_is_no_locator_is_refused_with_its_place(text: str, message: str, fault: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    start, end = caught.value.span
    assert (caught.value.message, text[start:end]) == (message, fault)
    assert caught.value.hint


# Printing


@pytest.mark.parametrize(
    ("leaf", "verso", "printed"),
    [
        (Leaf("161", "v"), "ob.", "161ob."),
        (Leaf("161", "v"), " об.", "161 об."),
        (Leaf("[161]", "v"), "ob.", "[161]ob."),
        (Leaf("12а", "v"), "ob.", "12а ob."),
        (Leaf("12а", "v"), " об.", "12а об."),
        (Leaf("x", "v"), "v", "x v"),
        (Leaf("x", "r"), "v", "x r"),
        (Leaf("5", "r"), "v", "5r"),
        (Leaf("5"), "v", "5"),
    ],
)
def test_a_side_is_not_glued_to_a_letter(leaf: Leaf, verso: str, printed: str) -> None:
    assert format_leaf(leaf, verso=verso) == printed


def test_ranges_are_printed_in_full_with_the_marks_that_are_asked_for() -> None:
    ranges = parse("190–1 об., 5r").ranges
    assert format_ranges(ranges) == "190-191ob., 5r"
    assert format_ranges(ranges, verso=" об.", recto=" recto", dash="–", comma="; ") == "190–191 об.; 5 recto"


@pytest.mark.parametrize(("text", "plural"), [("5", False), ("5 об.", False), ("5-7", True), ("5, 7", True)])
def test_several_leaves_are_plural(text: str, plural: bool) -> None:
    assert parse(text).is_plural() is plural


def test_leaves_stand_in_the_order_of_the_file() -> None:
    written = "i iv ix 0 0r 0v 2 02v 2a 2b 10 [11] 11v 160 0161".split()
    orders = [parse(text).ranges[0].first.order() for text in written]
    assert orders == sorted(orders)
    assert [Leaf("2", side).order() for side in ("", "r")] == [Leaf("02").order()] * 2  # an empty side is the recto


@pytest.mark.parametrize(
    ("number", "value"),
    [("i", 1), ("IV", 4), ("ix", 9), ("xl", 40), ("xcix", 99), ("cd", 400), ("mcmxlv", 1945), ("z", 0), ("", 0)],
)
def test_a_roman_number_has_a_value(number: str, value: int) -> None:
    assert roman(number) == value


# Whatever is printed reads back, and whatever is written is read or refused


@given(leaf_ranges, marks)
def test_what_is_printed_reads_back(ranges: tuple[LeafRange, ...], chosen: Marks) -> None:
    assert parse(format_ranges(ranges, **chosen._asdict())).ranges == ranges


@given(leaves, marks)
def test_a_leaf_reads_back(leaf: Leaf, chosen: Marks) -> None:
    printed = format_leaf(leaf, verso=chosen.verso, recto=chosen.recto)
    assert parse(printed) == Locator("", (LeafRange(leaf),))


@given(labels, leaf_ranges)
def test_a_labelled_locator_reads_back(label: str, ranges: tuple[LeafRange, ...]) -> None:
    assert parse(f"{label} {format_ranges(ranges)}") == Locator(LABELS[label], ranges)


@given(ugly_text | st.builds("{} {}".format, labels, ugly_text))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except ParseError as error:
        start, end = error.span
        assert 0 <= start <= end
        return
    assert parse(format_ranges(found.ranges)).ranges == found.ranges


# Long texts

HOSTILE = (
    ",",
    "a",
    "i",
    "l",
    "1",
    "[",
    " ",
    "-",
    "5,",
    "5 ",
    "5, ",
    "v ",
    "iv ",
    "l. ",
    "об",
    "5-5,",
    "5 и ",
    "e\u0301",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_takes_no_more_than_its_share(piece: str) -> None:
    assert growth_of_reading(parse, piece) < LINEAR
    assert growth_of_reading(lambda text: parse(text[1:]), piece) < LINEAR
