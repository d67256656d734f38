"""Hostile HTTP: what is refused before anybody looks at XML."""

import gzip
import zlib

from tests.soap.hostile import GOOD, Case, changed, cut_off, head, post, raw
from tests.soap.wire import TODAY

LIMIT = 8 * 1024 * 1024


def bomb(megabytes: int) -> bytes:
    """Gzip of which each kilobyte becomes a megabyte: one block of deflate, over and over."""
    squeezer = zlib.compressobj(9, wbits=31)
    start = squeezer.compress(b"<a>") + squeezer.flush(zlib.Z_FULL_FLUSH)
    block = squeezer.compress(b"x" * 1024 * 1024) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return start + block * megabytes


CASES = [
    *(
        Case("a method other than POST, GET and HEAD", method, post(b"", method=method))
        for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND")
    ),
    Case("a method other than POST, GET and HEAD", "CONNECT", raw(head(start=f"CONNECT {TODAY} HTTP/1.1"))),
    Case("a method other than POST, GET and HEAD", "PUT with a body", post(GOOD, method="PUT")),
    Case("a path that is no service", "POST", post(GOOD, path="/Nothing.svc")),
    Case("a path that is no service", "GET", post(b"", path="/", method="GET")),
    Case("a path that is no service", "other method", post(b"", path="/Nothing.svc", method="DELETE")),
    Case("a path that is no service", "up and out", post(b"", path="/xsd/2014/../../../etc/passwd", method="GET")),
    Case("a path that is no service", "NUL", post(b"", path="/%00", method="GET")),
    Case("a path that is no service", "the service as a whole", raw(head(start="OPTIONS * HTTP/1.1"))),
    Case("a path that is no service", "5 MB body", post(b"x" * 5_000_000, path="/Nothing.svc")),
    Case("?xsd= with the name of no schema", "unknown", post(b"", path=f"{TODAY}?xsd=x.xsd", method="GET")),
    Case(
        "?xsd= with the name of no schema",
        "control characters",
        post(b"", path=f"{TODAY}?xsd=%01%3Cb%3E", method="GET"),
    ),
    Case("?xsd= with the name of no schema", "up", post(b"", path=f"{TODAY}?xsd=../../x", method="GET")),
    *(
        Case("what is no HTTP/1.1 request", name, raw(data))
        for name, data in {
            "Content-Length in words": head("Content-Length: ten") + GOOD,
            "negative Content-Length": head("Content-Length: -1") + GOOD,
            "Content-Length of many digits": head("Content-Length: " + "9" * 5000) + GOOD,
            "empty Content-Length": head("Content-Length:") + GOOD,
            "two Content-Lengths": head("Content-Length: 5", f"Content-Length: {len(GOOD)}") + GOOD,
            "Content-Length and Transfer-Encoding": head("Content-Length: 5", "Transfer-Encoding: chunked") + GOOD,
            "Transfer-Encoding and Content-Length": head("Transfer-Encoding: chunked", "Content-Length: 5") + GOOD,
            "chunked not last": head("Transfer-Encoding: chunked, identity") + GOOD,
            "chunk size in words": head("Transfer-Encoding: chunked") + b"zz\r\nabc\r\n0\r\n\r\n",
            "chunk longer than its size": head("Transfer-Encoding: chunked") + b"1\r\nabc\r\n0\r\n\r\n",
            "endless chunk size": head("Transfer-Encoding: chunked") + b"f" * 100 + b"\r\nabc",
            "NUL in the head": head("X: a\x00b", "Content-Length: 0"),
            "space before the colon": head("X : a", "Content-Length: 0"),
            "folded header": head("X: a\r\n b", "Content-Length: 0"),
            "a header without a name": head(": a", "Content-Length: 0"),
        }.items()
    ),
    *(
        Case("what is no HTTP/1.1 request", name, raw(data), pathless=True)
        for name, data in {
            "bytes above ASCII in the path": b"POST /LearnerService.svc\xff HTTP/1.1\r\n\r\n",
            "CONNECT": b"CONNECT localhost:8000 HTTP/1.1\r\nHost: localhost:8000\r\n\r\n",
            "another method": b"FETCH /LearnerService.svc HTTP/1.1\r\n\r\n",
            "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "TLS": bytes.fromhex("160301020001") + b"\x00" * 512,
            "noise": bytes(range(256)) * 4,
            "a line": b"hello\r\n\r\n",
        }.items()
    ),
    Case("a head that is too large", "one header", raw(head("X: " + "a" * 70_000, "Content-Length: 0"))),
    Case(
        "a head that is too large",
        "many headers",
        raw(head(*["X: aaaaaaaa"] * 6000, f"Content-Length: {len(GOOD)}")),
    ),
    Case("a head that is too large", "a megabyte without an end", raw(head("X: " + "a" * 1_000_000)[:-4])),
    Case(
        "a head that is too large",
        "path",
        raw(head("Content-Length: 0", start=f"POST /{'a' * 70_000} HTTP/1.1")),
        pathless=True,
    ),
    Case(
        "a head that is too large",
        "trailers",
        raw(head("Transfer-Encoding: chunked") + b"1\r\n<\r\n0\r\n" + b"X: aaaaaaaa\r\n" * 30_000 + b"\r\n"),
    ),
    Case(
        "a head that is too large",
        "extensions of chunks",
        raw(head("Transfer-Encoding: chunked") + b"".join([b"1;" + b"a" * 1000 + b"\r\nx\r\n"] * 1000)),
    ),
    Case(
        "a request that ends early",
        "body shorter than its Content-Length",
        cut_off(head(f"Content-Length: {len(GOOD) + 10}") + GOOD),
    ),
    Case(
        "a request that ends early",
        "chunks without an end",
        cut_off(head("Transfer-Encoding: chunked") + b"5\r\nab"),
    ),
    Case("a request that ends early", "half a head", cut_off(head()[:-20])),
    Case("a body that is too large", "8.1 MB", post(b"x" * 8_500_000)),
    Case("a body that is too large", "9 MB of text in a name", post(changed("Darcie", "x" * 9_000_000))),
    Case("a body that is too large", "Content-Length alone", raw(head("Content-Length: 99999999999"))),
    Case(
        "a body that is too large",
        "Expect: 100-continue",
        raw(head("Content-Length: 99999999", "Expect: 100-continue")),
    ),
    Case(
        "a body that is too large",
        "chunks",
        raw(head("Transfer-Encoding: chunked") + b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
        if False
        else raw(
            head("Transfer-Encoding: chunked") + (b"100000\r\n" + b"x" * 0x100000 + b"\r\n") * 9 + b"0\r\n\r\n"
        ),
    ),
    Case("a body that is too large", "gzip bomb", post(bomb(7_500), Content_Encoding="gzip")),
    Case(
        "a body that is too large",
        "gzip, just over",
        post(gzip.compress(b" " * (LIMIT + 1)), Content_Encoding="gzip"),
    ),
    Case("no body", "empty POST", post(b"", Content_Length="0")),
    Case("no body", "no Content-Length", raw(head())),
    Case("no body", "no chunk", raw(head("Transfer-Encoding: chunked") + b"0\r\n\r\n")),
    Case("no body", "gzip of nothing", post(gzip.compress(b""), Content_Encoding="gzip")),
    Case("gzip that is none", "plain XML", post(GOOD, Content_Encoding="gzip")),
    Case(
        "gzip that is none",
        "broken inside",
        post(gzip.compress(GOOD)[:60] + b"\xff" * 300, Content_Encoding="gzip"),
    ),
    Case(
        "gzip that is none", "wrong checksum", post(gzip.compress(GOOD)[:-8] + b"x" * 8, Content_Encoding="gzip")
    ),
    Case("gzip that is cut short", "half", post(gzip.compress(GOOD)[:100], Content_Encoding="gzip")),
    Case(
        "gzip that is cut short", "without its checksum", post(gzip.compress(GOOD)[:-8], Content_Encoding="gzip")
    ),
    Case(
        "gzip that is cut short",
        "something after it",
        post(gzip.compress(GOOD) + b"more", Content_Encoding="x-gzip"),
    ),
    Case("another Content-Encoding", "deflate", post(zlib.compress(GOOD), Content_Encoding="deflate")),
    Case("another Content-Encoding", "br", post(GOOD, Content_Encoding="br")),
    Case("another Content-Encoding", "gzip twice", post(GOOD, Content_Encoding="gzip, gzip")),
    Case(
        "another Transfer-Encoding",
        "gzip, chunked",
        raw(head("Transfer-Encoding: gzip, chunked") + b"1\r\nx\r\n0\r\n\r\n"),
    ),
    Case("no Content-Type", "none", raw(head(f"Content-Length: {len(GOOD)}", content_type="") + GOOD)),
    *(
        Case("another Content-Type", kind, post(body, Content_Type=kind))
        for kind, body in {
            'multipart/related; boundary=b; type="text/xml"': b"--b\r\nContent-Type: text/xml\r\n\r\n" + GOOD,
            "multipart/form-data; boundary=b": b"--b--",
            "application/json": b'{"ULN": "1026893096"}',
            "application/x-www-form-urlencoded": b"ULN=1026893096",
            "application/xml": GOOD,
            "application/xop+xml": GOOD,
            "text/plain": GOOD,
            "text/xml-external-parsed-entity": GOOD,
            "xml": GOOD,
            "text/xml/xml": GOOD,
            "text/xml, text/xml": GOOD,
            "x" * 1000: GOOD,
        }.items()
    ),
    *(
        Case("another charset", charset, post(body, Content_Type=f"text/xml; charset={charset}"))
        for charset, body in {
            "klingon": GOOD,
            "utf-7": GOOD.replace(b"<", b"+ADw-"),
            "punycode": b"a-" * 1_000_000,
            "idna": GOOD,
            "unicode_escape": GOOD,
            "rot13": GOOD,
            "zlib_codec": zlib.compress(GOOD),
            "utf-32": GOOD.decode().encode("utf-32"),
            "../utf_8": GOOD,
            "a" * 300: GOOD,
        }.items()
    ),
    Case(
        "another charset",
        "in the XML declaration",
        post(b'<?xml version="1.0" encoding="punycode"?>' + b"a-" * 1_000_000, Content_Type="text/xml"),
    ),
    Case(
        "another charset",
        "UTF-7 in the XML declaration",
        post(b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', Content_Type="text/xml"),
    ),
]
