"""One page from the web, at a person's request: the only room that uses the network, and only for `citekit add URL`.

https only, with a certificate that holds; at most `LARGEST` bytes in at most `PATIENCE` seconds; at most `REDIRECTS`
redirects, each looked at like the first address; text and no other type. Nothing is fetched from an address that is
private, of this machine or of its network. A name is looked up once and the address that was looked at is the one that
is connected to, so that its owner cannot change it in between. Proxies and their settings are not used, no cookie is
sent or kept, and nothing is run.

`Net` is how names are looked up and addresses connected to; the tests give one of their own.
"""

from __future__ import annotations

import codecs
import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from citekit import __version__
from citekit.errors import StorageError, UsageError
from citekit.patterns import pattern
from citekit.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.parse import SplitResult

LARGEST = 5_000_000  # bytes; the longest page we met has 0.5 MB
PATIENCE = 30.0  # seconds for all of it, redirects too
REDIRECTS = 5
TYPES = ("text/html", "application/xhtml+xml", "text/markdown", "text/plain")
AGENT = f"citekit/{__version__} (citation manager; reads one page when a person asks for it)"
_MOVED = (301, 302, 303, 307, 308)
_CHUNK = 65_536
_UNSAFE = pattern(r"[\x00-\x20\x7f\\]")
_CHARSETS = pattern(r"utf-8(?:-sig)?|ascii|iso8859-[0-9]+|cp125[0-9]|koi8-[ru]")  # as the standard library calls them


@frozen
class Page:
    """What was fetched: the address it came from, after redirects, and its text."""

    url: str
    text: str


def _resolve(host: str, port: int) -> list[str]:
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), seconds)


@frozen
class Net:
    """The network: `resolve(host, port)` gives addresses in figures, `connect(address, port, seconds)` a socket to one
    of them, `context` how certificates are checked (None is the system's way)."""

    resolve: Callable[[str, int], list[str]] = _resolve
    connect: Callable[[str, int, float], socket.socket] = _connect
    context: ssl.SSLContext | None = None


INTERNET = Net()


def fetch(url: str, net: Net | None = None, *, largest: int = LARGEST, patience: float = PATIENCE) -> Page:
    """The page at *url*.

    Raises UsageError for an address that is not fetched (not https, private, a password in it) and for what is no text,
    StorageError for what cannot be had: no such host, no answer in time, too large, not found.
    """
    deadline = time.monotonic() + patience
    here = url
    for _ in range(REDIRECTS + 1):
        found = _one(here, net or INTERNET, largest, deadline)
        if isinstance(found, Page):
            return found
        here = _joined(here, found)
    raise StorageError(f"cannot read {url}: more than {REDIRECTS} redirects")


def _one(url: str, net: Net, largest: int, deadline: float) -> Page | str:
    """The page, or the address it has moved to."""
    parts = checked(url)
    try:
        address = _address(parts, net, deadline)
        with _answer(parts, address, net, deadline) as answer:
            if answer.status in _MOVED and (target := answer.getheader("Location")):
                return target
            return Page(url, _text(answer, url, largest, deadline))
    except (OSError, http.client.HTTPException) as error:
        raise StorageError(f"cannot read {url}: {_reason(error, deadline)}") from error


def _reason(error: Exception, deadline: float) -> str:
    if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    if isinstance(error, http.client.IncompleteRead):
        return "the connection ended before all had come"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return said[:1].lower() + said[1:]


# The address


def checked(url: str) -> SplitResult:
    """The parts of an address that may be asked for. Raises UsageError for one that may not."""
    if _UNSAFE.search(url):
        raise UsageError(f"{url!r} is no web address: a space, a backslash or a control character is in it")
    try:
        url.encode()
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        _ascii(host)
    except ValueError as error:
        raise UsageError(f"{url!r} is no web address: {error}") from error
    if parts.scheme.lower() != "https":
        raise UsageError(f"{url} is not fetched: only https is", hint="try it with https://, or save the page")
    if not host or port == 0:
        raise UsageError(f"{url!r} is no web address: it names no host")
    if parts.username is not None:
        raise UsageError(f"{host} is not asked with a user name or a password")
    return parts


def _joined(here: str, target: str) -> str:
    """The address that *target*, as a redirect names it, is at *here*. Raises UsageError where it is none."""
    try:
        return urljoin(here, target)
    except ValueError as error:
        raise UsageError(f"{target!r}, where {here} leads, is no web address: {error}") from error


def _address(parts: SplitResult, net: Net, deadline: float) -> str:
    """The first address of the host, where every one may be asked. Raises UsageError where one may not."""
    host = str(parts.hostname)
    found = _in_time(lambda: net.resolve(_ascii(host), parts.port or 443), deadline)
    if not found:
        raise StorageError(f"cannot read {parts.geturl()}: {host} has no address")
    for address in found:
        if not is_public(address):
            raise UsageError(f"{host} is not asked: its address {address} is private or reserved")
    return found[0]


def _ascii(host: str) -> str:
    return host if ":" in host else host.encode("idna").decode()


def is_public(address: str) -> bool:
    """Whether an address in figures is of the public network; what wraps an IPv4 address counts as that.

    Source: the registries of special addresses at IANA, as the standard library has them.

    >>> [is_public(one) for one in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "169.254.169.254", "fe80::1")]
    [True, False, False, False, False]
    """
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inside = (one.ipv4_mapped, one.sixtofour, *(one.teredo or ())) if isinstance(one, ipaddress.IPv6Address) else ()
    return all(_is_public(each) for each in (one, *inside) if each)


def _is_public(one: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    special = (one.is_private, one.is_loopback, one.is_link_local, one.is_reserved, one.is_multicast)
    return one.is_global and not (any(special) or one.is_unspecified)


def _in_time(work: Callable[[], list[str]], deadline: float) -> list[str]:
    """What *work* gives, which cannot be told to stop: after the deadline nobody waits for it any more."""
    done: list[list[str]] = []
    failed: list[OSError] = []

    def run() -> None:
        try:
            done.append(work())
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError
    return done[0]


# The answer


@contextlib.contextmanager
def _answer(parts: SplitResult, address: str, net: Net, deadline: float) -> Iterator[http.client.HTTPResponse]:
    """The answer of *address* to the question for *parts*, its body not yet read; all is closed afterwards."""
    context = net.context or ssl.create_default_context()
    port = parts.port or 443
    host = _ascii(str(parts.hostname))
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(net.connect(address, port, _left(deadline)))
        plain.settimeout(_left(deadline))
        secure = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        stack.enter_context(secure)
        stack.enter_context(_cut_off(secure, deadline))
        secure.do_handshake()
        connection = http.client.HTTPSConnection(host, port, context=context)
        connection.sock = secure  # ours, so that no other address is looked up
        stack.callback(connection.close)
        connection.request("GET", _target(parts), headers=_HEADERS)
        answer = connection.getresponse()
        stack.callback(answer.close)
        _left(deadline)  # headers that were cut off look like headers that are all there
        yield answer


_HEADERS = {"User-Agent": AGENT, "Accept": ", ".join(TYPES), "Accept-Encoding": "identity", "Connection": "close"}


@contextlib.contextmanager
def _cut_off(line: socket.socket, deadline: float) -> Iterator[None]:
    """Ends the connection at the deadline, whoever waits at it: each drop that comes would start a time-out anew."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)  # not that of TLS, which another thread may be in

    timer = threading.Timer(_left(deadline), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _target(parts: SplitResult) -> str:
    """Path and query in ASCII; what is percent-encoded stays so."""
    safe = "/%:=&?~+!$,;'@()*[]"
    path = quote(parts.path or "/", safe=safe)
    return f"{path}?{quote(parts.query, safe=safe)}" if parts.query else path


def _text(answer: http.client.HTTPResponse, url: str, largest: int, deadline: float) -> str:
    if answer.status != 200:
        raise StorageError(f"cannot read {url}: {answer.status} {answer.reason}".rstrip())
    kind = answer.headers.get_content_type() if answer.getheader("Content-Type") else "of no type"
    if kind not in TYPES:
        raise UsageError(f"{url} is no page of text but {kind}", hint="save it, and add the file")
    coding = (answer.getheader("Content-Encoding") or "identity").lower()
    if coding != "identity":
        raise StorageError(f"cannot read {url}: it comes as {coding}, which was not asked for")
    return _decoded(_body(answer, url, largest, deadline), answer.headers.get_content_charset("utf-8"), url)


def _body(answer: http.client.HTTPResponse, url: str, largest: int, deadline: float) -> bytes:
    too_large = StorageError(f"cannot read {url}: it has more than {largest:,} bytes")
    if (answer.length or 0) > largest:
        raise too_large
    pieces, size = [], 0
    while piece := answer.read1(_CHUNK):
        size += len(piece)
        if size > largest:
            raise too_large
        pieces.append(piece)
        _left(deadline)
    if answer.length:  # the connection ended before all had come
        raise http.client.IncompleteRead(b"", answer.length)
    _left(deadline)
    return b"".join(pieces)


def _decoded(content: bytes, charset: str, url: str) -> str:
    try:
        name = codecs.lookup(charset).name
        if not _CHARSETS.fullmatch(name):
            raise LookupError(name)
        return content.decode("utf-8-sig" if name == "utf-8" else name)
    except (LookupError, ValueError) as error:  # a name with a NUL in it is no name to look up
        raise UsageError(f"{url} cannot be read as {charset}, which it says it is", hint="save it as UTF-8") from error
