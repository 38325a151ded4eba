"""`citekit add URL`: what is fetched and what is not, from a https server of our own with a certificate of its own."""

from __future__ import annotations

import _socket
import datetime
import json
import re
import socket
import ssl
import subprocess
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

import pytest

from citekit import __version__, fetch
from citekit.errors import CitekitError, StorageError, UsageError
from citekit.fetch import Net, Page
from tests.conftest import Run

HOST = "archive.example.org"
PUBLIC = "93.184.216.34"  # what the name resolves to here; nobody is connected to it
HTML = "text/html; charset=utf-8"

Handler: TypeAlias = BaseHTTPRequestHandler
Answer: TypeAlias = Callable[[Handler], None]


def answer(content: str | bytes = "<p>Привет", kind: str = HTML, status: int = 200, **headers: str) -> Answer:
    """An answer with these headers, "_" in their names a hyphen; the length is the content's unless it is given."""

    def send(handler: Handler) -> None:
        body = content.encode() if isinstance(content, str) else content
        handler.send_response(status)
        for name, value in ({"Content_Type": kind, "Content_Length": str(len(body))} | headers).items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def moved(where: str, status: int = 302) -> Answer:
    return answer("", status=status, Location=where)


class Server:
    """A https server on this machine: `pages` says what each path answers, `asked` which questions came."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.names: dict[str, list[str]] = {HOST: [PUBLIC]}
        self.connected: list[str] = []
        self.done = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that go are part of the tests
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.trusted = ssl.create_default_context(cafile=str(certificate))

    def _handler(self) -> type[Handler]:
        server = self

        class Questions(BaseHTTPRequestHandler):
            def setup(self) -> None:
                self.request.settimeout(10)
                self.request = server.tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def finish(self) -> None:
                super().finish()
                self.request.close()

            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                server.pages.get(self.path, answer("no", status=404))(self)

            def log_message(self, *_: object) -> None:
                return

        return Questions

    def net(self, context: ssl.SSLContext | None = None) -> Net:
        """The network as the program sees it: every address is this server."""
        return Net(self._resolve, self._connect, context or self.trusted)

    def _resolve(self, host: str, port: int) -> list[str]:
        if host not in self.names:
            raise socket.gaierror(-2, "Name or service not known")
        return self.names[host]

    def _connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append(address)
        line = socket.socket()
        line.settimeout(seconds)
        # the tests refuse `socket.connect`; this is the one below it, and it stays on this machine
        _socket.socket.connect(line, ("127.0.0.1", self.http.server_address[1]))
        return line

    def fetch(self, path: str = "/", **limits: float) -> Page:
        return fetch.fetch(f"https://{HOST}{path}", self.net(), **limits)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for `HOST` that nobody else trusts, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    command += ["-addext", f"subjectAltName=DNS:{HOST}", "-out", str(certificate), "-keyout", str(key)]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"no certificate can be made here, openssl is missing or too old: {error}")
    return certificate, key


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[Server]:
    server = Server(*certificate)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.done.set()
    server.http.shutdown()
    server.http.server_close()
    thread.join()


def refused(server: Server, path: str = "/", kind: type[CitekitError] = StorageError, **limits: float) -> str:
    """What is said of a page that is not fetched."""
    with pytest.raises(kind) as caught:
        server.fetch(path, **limits)
    return caught.value.message


# What comes


def test_a_page_is_fetched_as_text_with_the_address_it_came_from(server: Server) -> None:
    server.pages["/document/1?a=b%20c"] = answer()
    assert server.fetch("/document/1?a=b%20c#top") == Page(f"https://{HOST}/document/1?a=b%20c#top", "<p>Привет")
    assert server.connected == [PUBLIC]


def test_the_server_is_told_who_asks_and_gets_no_cookie(server: Server) -> None:
    server.pages["/"] = answer(Set_Cookie="a=b")
    server.fetch()
    server.fetch()
    for _, headers in server.asked:
        assert headers["User-Agent"].startswith(f"citekit/{__version__} ")
        assert headers["Host"] == HOST
        assert headers["Accept-Encoding"] == "identity"
        assert not {"Cookie", "Referer", "Authorization"} & headers.keys()


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown; charset=UTF-8", "application/xhtml+xml"])
def test_text_of_every_kind_is_read(server: Server, kind: str) -> None:
    server.pages["/"] = answer("ж", kind)
    assert server.fetch().text == "ж"


@pytest.mark.parametrize(
    ("charset", "codec"), [("windows-1251", "cp1251"), ("KOI8-R", "koi8-r"), ("utf8", "utf-8-sig")]
)
def test_the_charset_that_is_named_is_used(server: Server, charset: str, codec: str) -> None:
    server.pages["/"] = answer("Жданов".encode(codec), f"text/html; charset={charset}")
    assert server.fetch().text == "Жданов"


def test_a_path_with_letters_of_any_script_is_encoded(server: Server) -> None:
    server.pages["/%D1%84"] = answer()
    assert server.fetch("/ф").text


def test_a_page_in_pieces_and_one_without_a_length_are_read(server: Server) -> None:
    server.pages["/pieces"] = answer(
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", Content_Length="", Transfer_Encoding="chunked"
    )
    server.pages["/open"] = answer("abcde", Content_Length="")
    assert [server.fetch(path).text for path in ("/pieces", "/open")] == ["abcde", "abcde"]


# What is refused before anybody is asked

ADDRESSES = {
    "http://archive.example.org/": "only https is",
    "ftp://archive.example.org/": "only https is",
    "file:///etc/passwd": "only https is",
    "https:///path": "names no host",
    "https://user:secret@archive.example.org/": "a user name or a password",
    "https://archive.example.org:99999/": "is no web address",
    "https://archive.example.org/a b": "a space",
    "https://archive.example.org/\r\nHost: x": "a space",
    "https://archive.example.org\\@evil.example/": "a backslash",
    "https://[::1": "is no web address",
    f"https://{'a' * 70}.example/": "is no web address",
    "https://archive.example.org/\udcff": "is no web address",
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_what_is_no_https_address_is_refused(server: Server, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        fetch.fetch(url, server.net())
    assert ADDRESSES[url] in caught.value.message
    assert not server.connected


PRIVATE = (
    "127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 169.254.169.254 192.0.2.1 198.18.0.1 "
    "224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 "
    "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 2002:a00:1:: nonsense"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_private_network_is_connected_to(server: Server, address: str) -> None:
    for found in ([address], [PUBLIC, address]):
        server.names[HOST] = found
        assert f"its address {address} is private or reserved" in refused(server, kind=UsageError)
    assert not server.connected


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f.1"])
def test_this_machine_is_not_asked_however_it_is_written(host: str) -> None:
    with pytest.raises(UsageError, match="private or reserved"):
        fetch.fetch(f"https://{host}/", Net(connect=lambda *_: pytest.fail("connected")))


def test_a_name_is_looked_up_once_so_that_it_cannot_change_between_look_and_use(server: Server) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    server.pages["/"] = answer()
    fetch.fetch(f"https://{HOST}/", Net(resolve, server.net().connect, server.trusted))
    assert (asked, server.connected) == ([HOST], [PUBLIC])


def test_a_name_that_is_nobodys_is_said(server: Server) -> None:
    server.names = {}
    assert refused(server) == f"cannot read https://{HOST}/: name or service not known"
    server.names = {HOST: []}
    assert refused(server) == f"cannot read https://{HOST}/: {HOST} has no address"


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_last_address_told(server: Server, status: int) -> None:
    server.names["other.example.org"] = [PUBLIC]
    server.pages |= {"/": moved("/two", status), "/two": moved(f"https://{HOST}/three", status), "/three": answer()}
    assert server.fetch().url == f"https://{HOST}/three"


def test_five_redirects_are_followed_and_no_more(server: Server) -> None:
    server.pages = {f"/{n}": moved(f"/{n + 1}") for n in range(1, 20)} | {"/6": answer()}
    assert server.fetch("/1").url == f"https://{HOST}/6"
    server.pages["/6"] = moved("/7")
    assert refused(server, "/1") == f"cannot read https://{HOST}/1: more than 5 redirects"
    assert len(server.asked) == 12


@pytest.mark.parametrize(
    "target", ["http://archive.example.org/", "file:///etc/passwd", "//user@archive.example.org/", "https://inside/"]
)
def test_each_redirect_is_looked_at_like_the_first_address(server: Server, target: str) -> None:
    server.names["inside"] = ["10.0.0.1"]
    server.pages["/"] = moved(target)
    refused(server, kind=UsageError)
    assert server.connected == [PUBLIC]


@pytest.mark.parametrize("target", ["https://[x", "//[", "https://a]b/"])
def test_a_redirect_to_what_is_no_address_is_said(server: Server, target: str) -> None:
    server.pages["/"] = moved(target)
    assert f"{target!r}, where https://archive.example" in refused(server, kind=UsageError)


def test_a_redirect_that_leads_nowhere_is_an_answer_without_a_page(server: Server) -> None:
    server.pages["/"] = moved("")
    assert refused(server) == f"cannot read https://{HOST}/: 302 Found"


# What comes is looked at


def test_a_page_that_is_not_there_is_said(server: Server) -> None:
    assert refused(server, "/none") == f"cannot read https://{HOST}/none: 404 Not Found"


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json", "text/css", ""])
def test_only_pages_of_text_are_read(server: Server, kind: str) -> None:
    server.pages["/"] = answer("x", kind)
    assert refused(server, kind=UsageError) == f"https://{HOST}/ is no page of text but {kind or 'of no type'}"


def test_what_is_packed_though_it_was_not_asked_for_is_refused(server: Server) -> None:
    server.pages["/"] = answer(b"\x1f\x8b", Content_Encoding="gzip")
    assert "it comes as gzip" in refused(server)


def test_a_charset_with_a_nul_in_its_name_is_said(server: Server) -> None:
    server.pages["/"] = answer("x", "text/html; charset*=utf-8''a%00b")
    assert "cannot be read as a\0b" in refused(server, kind=UsageError)


@pytest.mark.parametrize("charset", ["utf-8", "punycode", "unicode_escape", "base64", "klingon"])
def test_a_charset_that_does_not_fit_is_said(server: Server, charset: str) -> None:
    server.pages["/"] = answer(b"\xff\xfe", f"text/html; charset={charset}")
    assert f"cannot be read as {charset}" in refused(server, kind=UsageError)


@pytest.mark.parametrize("length", ["11", ""])
def test_a_page_that_is_too_large_is_left(server: Server, length: str) -> None:
    server.pages |= {"/large": answer("x" * 11, Content_Length=length), "/fits": answer("x" * 10)}
    assert refused(server, "/large", largest=10).endswith("it has more than 10 bytes")
    assert server.fetch("/fits", largest=10).text == "x" * 10


def test_a_page_that_breaks_off_is_not_half_read(server: Server) -> None:
    server.pages["/"] = answer("half", Content_Length="100")
    assert refused(server).endswith("the connection ended before all had come")


def test_an_answer_that_is_no_http_is_said(server: Server) -> None:
    def send(handler: Handler) -> None:
        handler.wfile.write(b"\x00" * 100_000)

    server.pages["/"] = send
    assert refused(server).startswith(f"cannot read https://{HOST}/: ")


# Time


def drip(handler: Handler, done: threading.Event, start: bytes, every: float = 0.1) -> None:
    """Sends a sign every tenth of a second, so that no wait for the next one is ever long."""
    handler.wfile.write(start)
    while not done.wait(every):
        handler.wfile.write(b"x")


@pytest.mark.parametrize(
    "start", [b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n", b"HTTP/1.0 200 OK\r\nX: ", b""]
)
def test_a_server_that_drips_is_left_in_time(server: Server, start: bytes) -> None:
    server.pages["/"] = lambda handler: drip(handler, server.done, start)
    begun = time.monotonic()
    assert refused(server, patience=0.5) == f"cannot read https://{HOST}/: no answer in time"
    assert time.monotonic() - begun < 5


def test_a_server_that_says_nothing_is_left_in_time(server: Server) -> None:
    server.pages["/"] = lambda handler: drip(handler, server.done, b"", every=10)
    assert refused(server, patience=0.3).endswith("no answer in time")


def test_redirects_have_no_more_time_than_one_page(server: Server) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.2)
        moved("/")(handler)

    server.pages["/"] = slow
    assert refused(server, patience=0.5).endswith("no answer in time")


def test_a_line_without_handshake_is_left_in_time(server: Server) -> None:
    ours, theirs = socket.socketpair()
    with theirs, pytest.raises(StorageError, match="no answer in time"):
        fetch.fetch(f"https://{HOST}/", Net(server.net().resolve, lambda *_: ours, server.trusted), patience=0.3)


def test_a_name_server_that_does_not_answer_is_left_in_time(server: Server) -> None:
    def resolve(host: str, port: int) -> list[str]:
        server.done.wait(10)
        return [PUBLIC]

    with pytest.raises(StorageError, match="no answer in time"):
        fetch.fetch(f"https://{HOST}/", Net(resolve, server.net().connect), patience=0.2)


# Who it is


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    with pytest.raises(StorageError, match="its certificate does not hold"):
        fetch.fetch(f"https://{HOST}/", server.net(ssl.create_default_context()))
    assert not server.asked


def test_a_certificate_of_another_host_is_refused(server: Server) -> None:
    server.names["other.example.org"] = [PUBLIC]
    with pytest.raises(StorageError, match="its certificate does not hold"):
        fetch.fetch("https://other.example.org/", server.net())
    assert not server.asked


def test_without_a_net_of_its_own_it_asks_the_system_for_that_very_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], seconds: float) -> socket.socket:
        asked.append(address)
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(StorageError, match="network is unreachable"):
        fetch.fetch(f"https://{PUBLIC}/")
    assert asked == [(PUBLIC, 443)]


# From the address to the record

MADE_UP = (Path(__file__).parent / "cases" / "pages" / "reception.html").read_text(encoding="utf-8")


def test_add_fetches_a_page_and_notes_when(
    server: Server, run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "INTERNET", server.net())
    server.pages |= {"/document/a-slug": moved("/document/999001"), "/document/999001": answer(MADE_UP)}
    outcome = run("add", f"https://{HOST}/document/a-slug")
    assert (outcome.code, outcome.stderr) == (0, "")
    record = tomllib.loads((library / "records" / "ivantsov-1947-03-03.toml").read_text(encoding="utf-8"))
    assert record["title"].startswith("From the Diary of P.R. Ivantsov")
    assert record["online"]["url"] == "https://digitalarchive.wilsoncenter.org/document/999001"
    assert record["online"]["accessed"] == datetime.date.today()
    again = run("add", f"https://{HOST}/document/999001")
    assert again.code == 0
    assert again.stderr.startswith("ivantsov-1947-03-03 is this document: it has the same address")
    assert again.stdout == ""


def test_an_address_is_stored_as_it_was_given_where_the_page_does_not_say_its_own(
    server: Server, run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "INTERNET", server.net())
    url = f"https://{HOST}/document/5?a=B"
    server.pages["/document/5?a=B"] = answer("<h1>Letter</h1><h2>Record ID</h2><p>5</p>")
    assert json.loads(run("add", url, "--dry-run", "--json").stdout)["online"]["url"] == url


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        (f"http://{HOST}/", 2, "is not fetched: only https is"),
        (f"https://{HOST}/none", 7, "404 Not Found"),
        (f"https://{HOST}/other", 2, "no page of the Wilson Center Digital Archive"),
    ],
)
def test_add_says_why_an_address_gives_no_record(
    server: Server, run: Run, library: Path, monkeypatch: pytest.MonkeyPatch, url: str, code: int, said: str
) -> None:
    monkeypatch.setattr(fetch, "INTERNET", server.net())
    server.pages["/other"] = answer("<p>Hello")
    outcome = run("add", url)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert said in outcome.stderr


def test_nobody_else_in_the_house_knows_the_network() -> None:
    rooms = Path(fetch.__file__).parent.rglob("*.py")
    network = re.compile(
        r"^\s*(?:import|from) (?:socket|ssl|asyncio|http|ftplib|smtplib|urllib\.request|requests)\b", re.M
    )
    knowing = {room.name for room in rooms if network.search(room.read_text(encoding="utf-8"))}
    assert knowing == {"fetch.py"}
