"""Hostile XML: documents that are no XML, not the XML they say, or too much of it."""

import gzip

from tests.soap.hostile import GOOD, Case, changed, head, post, raw
from tests.soap.wire import envelope


def doctype(inside: str, use: str = "Darcie") -> bytes:
    """The good message, with a document type in front of it and an entity used in a name."""
    return f"<!DOCTYPE x {inside}>".encode() + changed("Darcie", use)


def with_attributes(name: str, count: int) -> str:
    attributes = " ".join(f'{name}{number}="x"' for number in range(count))
    return f"<a {attributes}/>"


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
DOCTYPES = {
    "empty internal subset": doctype("[]"),
    "no subset at all": doctype(""),
    "internal entity": doctype('[<!ENTITY a "Darcie">]', "&a;"),
    "external entity, file": doctype('[<!ENTITY a SYSTEM "file:///etc/passwd">]', "&a;"),
    "external entity, http": doctype('[<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]', "&a;"),
    "external subset SYSTEM": doctype('SYSTEM "http://127.0.0.1:9/x.dtd"'),
    "external subset PUBLIC": doctype('PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd"'),
    "parameter entity": doctype('[<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]'),
    "billion laughs": doctype(f'[<!ENTITY l0 "ha">{LAUGHS}]', "&l9;"),
    "quadratic blow-up": doctype(f'[<!ENTITY a "{"a" * 100_000}">]', "&a;" * 50_000),
    "default attributes": doctype('[<!ATTLIST ULN a CDATA "x">]'),
    "after a declaration": b'<?xml version="1.0"?>\n' + doctype('[<!ENTITY a "b">]', "&a;"),
    "after a byte-order mark": b"\xef\xbb\xbf" + doctype('[<!ENTITY a "b">]', "&a;"),
}
DOCTYPES_16 = {
    f"{charset}, {name}": (charset, DOCTYPES[name].decode())
    for charset in ("utf-16-le", "utf-16-be")
    for name in ("internal entity", "external entity, file", "billion laughs")
}

CASES = [
    *(
        Case("what is no well-formed XML", name, post(data))
        for name, data in {
            "text": b"hello",
            "blanks": b"   \n ",
            "JSON under the right type": b'{"a": 1}',
            "an end tag missing": GOOD[:-20],
            "cut in a tag": GOOD[:100],
            "something after the root": GOOD + b"<a/>",
            "two documents": GOOD + GOOD,
            "end tags swapped": GOOD.replace(b"</ULN>", b"</ULM>"),
            "a bare ampersand": changed("Darcie", "A & B"),
            "an undefined entity": changed("Darcie", "&eacute;"),
            "an undeclared prefix": GOOD.replace(b"<ULN>", b"<x:ULN>").replace(b"</ULN>", b"</x:ULN>"),
            "an attribute twice": GOOD.replace(b"<ULN>", b"<ULN a='1' a='1'>"),
            "a raw NUL": changed("Darcie", "Dar\0cie"),
            "a NUL by reference": changed("Darcie", "Dar&#0;cie"),
            "a control character": changed("Darcie", "Dar\x01cie"),
            "a control character by reference": changed("Darcie", "Dar&#x1;cie"),
            "a lone surrogate by reference": changed("Darcie", "Dar&#xD800;cie"),
            "U+FFFE": changed("Darcie", "Dar\ufffecie"),
            "bytes that are no UTF-8": changed("Darcie", b"Dar\xffcie"),
            "a surrogate in UTF-8": GOOD.replace(b"Darcie", b"Dar\xed\xa0\x80cie"),
            "an overlong slash": GOOD.replace(b"Darcie", b"Dar\xc0\xafcie"),
            "ISO-8859-1 that says UTF-8": changed("Darcie", "Si\xe2n").decode().encode("iso-8859-1"),
            "UTF-16 that says UTF-8": GOOD.decode().encode("utf-16-le"),
            "UTF-32": GOOD.decode().encode("utf-32"),
            "a second byte-order mark": b"\xef\xbb\xbf" + GOOD.decode().encode("utf-16"),
            "EBCDIC": GOOD.decode().encode("cp500"),
            "a UTF-7 declaration": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-' + GOOD,
            "300 levels": envelope("<a>" * 300 + "</a>" * 300),
            "a name of 100,000 letters": envelope(f"<{'a' * 100_000}/>"),
            "half a CDATA section": GOOD.replace(b"Darcie", b"<![CDATA[Darcie"),
            "gzip without saying so": gzip.compress(GOOD),
            "password broken by a tag": GOOD.replace(b"SandboxAO-000001", b"SandboxAO<000001"),
            "password broken by an ampersand": GOOD.replace(b"SandboxAO-000001", b"SandboxAO&000001;"),
        }.items()
    ),
    Case(
        "what is no well-formed XML",
        "a Content-Length that cuts it",
        raw(head("Content-Length: 50") + GOOD),
    ),
    Case(
        "bytes that are not in their charset",
        "odd UTF-16",
        post(GOOD.decode().encode("utf-16") + b"x", Content_Type="text/xml; charset=utf-16"),
    ),
    Case(
        "bytes that are not in their charset",
        "lone surrogate",
        post(b"\xff\xfe" + "<a>".encode("utf-16-le") + b"\x00\xd8<\x00", Content_Type="text/xml"),
    ),
    Case(
        "bytes that are not in their charset",
        "a hole in Windows-1252",
        post(GOOD.replace(b"Darcie", b"\x81"), Content_Type="text/xml; charset=windows-1252"),
    ),
    *(Case("a document type", name, post(data)) for name, data in DOCTYPES.items()),
    *(
        Case("a document type", name, post(text.encode(charset), Content_Type=f"text/xml; charset={charset}"))
        for name, (charset, text) in DOCTYPES_16.items()
    ),
    *(
        Case("a document type", f"{name}, by its mark", post(mark + text.encode(charset), Content_Type="text/xml"))
        for name, (charset, text) in DOCTYPES_16.items()
        for mark in ["\ufeff".encode(charset)]
    ),
    Case("too many elements", "100,000 children", post(envelope("<a/>" * 100_000))),
    Case("too many elements", "100,000 levels", post(envelope("<a>" * 100_000 + "</a>" * 100_000))),
    Case("too many elements", "60,001 of them", post(envelope("<a/>" * 59_999))),
    Case("too many elements", "in UTF-16", post(envelope("<a/>" * 100_000).decode().encode("utf-16"))),
    Case(
        "too many attributes on one element",
        "150,000",
        post(envelope(_many := "<a " + " ".join(f'a{i}="x"' for i in range(150_000)) + "/>")),
    ),
    Case(
        "too many attributes",
        "40 on each",
        post(envelope(("<a " + " ".join(f'a{i}="x"' for i in range(40)) + "/>") * 2_000)),
    ),
    Case(
        "too many namespace declarations",
        "100,000",
        post(envelope("<a " + " ".join(f'xmlns:a{i}="x"' for i in range(100_000)) + "/>")),
    ),
    Case("too many namespace declarations", "one on each", post(envelope('<a xmlns="x"/>' * 20_000))),
]
