"""Take passwords out of messages before the sandbox keeps them, however broken the message is.

The messages page is for messages that went wrong, so nothing here trusts a message to be XML: the text is
searched, never parsed. Where the end of a password cannot be told, everything to the message's end is masked;
where the text itself cannot be told, none of it is kept. Showing too little is a nuisance, showing a password is
a leak.
"""

import re
from dataclasses import dataclass
from html import escape, unescape

MASK = "********"
NOT_KEPT = "(not kept: this is not text that credentials can be found in)"

# OrgPassword, Password, wsse:Password, and what people write instead: OrgPasword, passwd, pwd, clientSecret.
# It ends with the word itself: in <OrgPasswordabc the tag's end was forgotten, and abc is the password.
# Runs are bounded, or a long one would be searched again from each of its letters.
_CREDENTIAL = r"(?:pas{1,9}[-_.]?w(?:or?d|o|r?d)?|pas{1,9}\w?w?o?rd|s{1,9}wo?rd|pwd|secret)"
_MENTIONED = re.compile(_CREDENTIAL, re.IGNORECASE)
# What every such word holds, to be looked for in a text whose letters' case is folded: each begins with letters
# that re finds at once, while the whole pattern is tried at each letter of a long reply.
_HELD = tuple(map(re.compile, ("pas{1,9}(?:[-_.]?w|\\w?w?o?rd)", "swo?rd", "pwd", "secret")))
_CLOSING = re.compile(rf"<\s*/[^<>]*?{_CREDENTIAL}", re.IGNORECASE)
_READABLE = re.compile(
    r"utf[-_]?(8|16)([-_]?[bl]e)?|(us-)?ascii|(iso[-_]?)?(8859|latin)[-_]?\d+|(windows-|cp)125\d", re.IGNORECASE
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']""")
_UTF7 = re.compile(r"\+AD[wx4]")
# What nobody sees could part a name in two.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTED = r"""(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))"""
_ATTRIBUTE = re.compile(rf"(?<![\w:.-])[\w:.-]+\s*=\s*{_QUOTED}")
_ENTITY = re.compile(rf"(<!ENTITY\b[^\"'>]{{0,400}})({_QUOTED})")
_ASSIGNED = re.compile(
    rf"({_CREDENTIAL}[\w.-]{{0,100}}\s*=\s*)({_QUOTED}|(?:&quot;).*?(?:&quot;|\Z)|[^\s\"'<>&]+)",
    re.IGNORECASE | re.DOTALL,
)
_MEMBER = re.compile(
    rf"""({_CREDENTIAL}[^"\n]{{0,100}}"\s*:\s*)("(?:[^"\\]|\\.)*(?:"|\Z)|[^\s,}}"]+)""", re.IGNORECASE | re.DOTALL
)
_OWN_ATTRIBUTE = re.compile(rf"((?<!\s)\s++(?P<name>[\w:.-]++)\s*+=\s*+)(?P<value>{_QUOTED})")
_OWN_ATTRIBUTES = re.compile(rf"(?:\s++[\w:.-]++\s*+=\s*+{_QUOTED})*+\s*+/?+\s*+")
# What says nothing, whoever wrote it: an empty element, and the namespaces of a tag.
_PLAIN_ATTRIBUTE = re.compile(
    r"""(?:[\w.-]+:)?nil\s*=\s*["'](?:true|false|0|1)["']|xmlns(?::[\w.-]+)?\s*=\s*["'](?:(?:http|urn):[^"']*)?["']"""
)
_TYPED = re.compile(r"(?:[\w.-]+:)?type", re.IGNORECASE)
_END_OF_TAG = re.compile(r"\A[^<>&]*(?:>|&(?:amp;)*gt;)")
_SHORTEST_SECRET, _LONGEST_SECRET = 4, 256
# No name that anybody writes is longer; a pattern made of it would be as long, and re keeps its patterns.
_LONGEST_NAME = 200
_BYTES_KEPT = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Markup:
    """How a tag is written: in the message itself, or escaped inside the message's text."""

    less: str
    greater: str
    inside: str

    def tags(self) -> re.Pattern[str]:
        return re.compile(rf"{self.less}\s*+(?![/!?])({self.inside}*)", re.IGNORECASE)

    def steps(self, name: str) -> re.Pattern[str]:
        spelt = r"\s+".join(re.escape(word) for word in name.split())
        return re.compile(
            rf"(?P<cdata>(?i:{self.less})!\[CDATA\[)|(?P<comment>(?i:{self.less})!--)"
            rf"|(?i:{self.less})\s*+(?P<close>/)?+\s*+(?:[\w.-]++:)?{spelt}"
            rf"(?=(?P<rest>{self.inside}*+)(?i:{self.greater}))"
        )


_PLAIN = _Markup(less="<", greater=">", inside="[^<>]")
_ESCAPED = _Markup(
    less="&(?:amp;)*(?:lt|#0*60|#x0*3c);", greater="&(?:amp;)*(?:gt|#0*62|#x0*3e);", inside="[^<>&]"
)


def mask(xml: bytes) -> bytes:
    """Give a message as UTF-8 with the values of passwords replaced by ``MASK``, whole or broken.

    Takes the inflated bytes in whatever character set they came. Elements and attributes count as passwords by
    their local name, whatever its prefix, case or usual misspelling; so do members of JSON and forms. Bytes that
    cannot be read as text come back as ``NOT_KEPT``, and nothing is kept past 256 KiB. Never raises.
    """
    text = _text(xml)
    return (NOT_KEPT if text is None else _masked(text)[0]).encode()


def masked_exchange(request: bytes, *answers: bytes) -> tuple[str, ...]:
    """Mask a request and what was made of it; give the texts in the same order.

    What was a password in the request is masked wherever it comes again: a fault may quote the value that broke
    a rule, and people put a password into the wrong field as well.
    """
    sent = _text(request)
    shown, secrets = (NOT_KEPT, []) if sent is None else _masked(sent)
    texts = (_text(answer) for answer in answers)
    answered = (NOT_KEPT if text is None else _masked(text)[0] for text in texts)
    return tuple(_without(text, secrets) for text in (shown, *answered))


def _text(message: bytes) -> str | None:
    charset = _charset(message)
    if charset is None or message.startswith(b"\x1f\x8b"):
        return None
    text = _INVISIBLE.sub("", message[:_BYTES_KEPT].decode(charset, errors="replace"))
    return None if _UTF7.search(text) else text


def _charset(message: bytes) -> str | None:
    if message.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if message.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = message[:4]
    if 0 in head:
        return _charset_by_zeros(head)
    declared = _DECLARED.search(message[:1024])
    name = declared.group(1).decode("ascii", errors="replace") if declared else "utf-8"
    if not _READABLE.fullmatch(name):
        return None
    # Eight-bit text that calls itself UTF-16 is neither; its ASCII part can still be searched.
    return "utf-8" if "16" in name else _codec(name)


def _charset_by_zeros(head: bytes) -> str:
    if head[:3] == b"\x00\x00\x00":
        return "utf-32-be"
    if head[1:4] == b"\x00\x00\x00":
        return "utf-32-le"
    return "utf-16-be" if head[0] == 0 else "utf-16-le"


def _codec(name: str) -> str | None:
    try:
        "".encode(name)
    except LookupError:
        return None
    return name


def _masked(text: str) -> tuple[str, list[str]]:
    folded = text.casefold()
    if not any(held.search(folded) for held in _HELD):
        return text, []
    secrets: list[str] = []
    for pattern in (_ENTITY, _MEMBER, _ASSIGNED):
        text = pattern.sub(r'\1"' + MASK + '"', text)
    for markup in (_PLAIN, _ESCAPED):
        text = _without_elements(text, markup, secrets)
    return _without_last_words(text), secrets


def _without_elements(text: str, markup: _Markup, secrets: list[str]) -> str:
    """Replace what lies between a password's name and its closing tag; the tag's own attributes go too."""
    parts: list[str] = []
    done = 0
    tags = markup.tags()
    while (tag := tags.search(text, done)) is not None:
        name = _credential_in(tag.group(1))
        if name is None:
            parts.append(text[done : tag.end()])
            done = tag.end()
            continue
        start = tag.start(1) + len(name)
        end, closed = _close(text, start, name, markup)
        parts += [text[done:start], *_replacement(text[start:end], markup)]
        if closed:
            secrets += [text[start:end], *_values(text[start:end], markup)]
        done = end
    return "".join([*parts, text[done:]])


def _credential_in(chunk: str) -> str | None:
    """Give a tag's text up to the end of the word that names a credential, if one does outside an attribute."""
    word = _MENTIONED.search(_ATTRIBUTE.sub(lambda found: " " * len(found.group()), chunk))
    return chunk[: word.end()] if word else None


def _close(text: str, start: int, name: str, markup: _Markup) -> tuple[int, bool]:
    """Find where an element's content ends, and whether it says so itself: past CDATA, comments and namesakes."""
    if len(name) > _LONGEST_NAME:
        return len(text), False
    steps = markup.steps(name.rpartition(":")[2])
    opening = re.compile(rf"{markup.inside}*/\s*{markup.greater}", re.IGNORECASE).match(text, start)
    if opening is not None and _quotes_end(opening.group()):
        return opening.end(), True
    depth, position = 1, start
    while (step := steps.search(text, position)) is not None:
        if step["cdata"] or step["comment"]:
            position = _after(text, step, "]]" if step["cdata"] else "--", markup)
            continue
        position = step.end()
        depth += _change(step)
        if depth == 0:
            return step.start(), True
    return len(text), False


def _quotes_end(tag: str) -> bool:
    """Whether the end of a tag is one, and does not stand within an attribute's value."""
    return tag.count('"') % 2 == 0 and tag.count("'") % 2 == 0


def _after(text: str, step: re.Match[str], ending: str, markup: _Markup) -> int:
    found = re.compile(re.escape(ending) + markup.greater, re.IGNORECASE).search(text, step.end())
    return found.end() if found else len(text)


def _change(step: re.Match[str]) -> int:
    if step["close"]:
        return -1
    return 0 if step["rest"].rstrip().endswith("/") else 1


def _replacement(content: str, markup: _Markup) -> list[str]:
    end_of_tag = _end_of_tag(content, markup)
    if end_of_tag is not None and not content[end_of_tag.end() :].strip():
        return [_without_values(end_of_tag["tag"]), content[end_of_tag.end("tag") :]]
    return [">" if markup is _PLAIN else "&gt;", MASK] if content else []


def _end_of_tag(content: str, markup: _Markup) -> re.Match[str] | None:
    return re.match(rf"(?P<tag>{markup.inside}*){markup.greater}", content, re.IGNORECASE)


def _without_values(tag: str) -> str:
    """Mask the attributes of an element without content, or all of a tag that holds anything else."""
    if _OWN_ATTRIBUTES.fullmatch(tag) is None:
        return f" {MASK}{'/' if tag.rstrip().endswith('/') else ''}"
    return _OWN_ATTRIBUTE.sub(lambda found: found[0] if _says_nothing(found) else f'{found[1]}"{MASK}"', tag)


def _says_nothing(attribute: re.Match[str]) -> bool:
    return _PLAIN_ATTRIBUTE.fullmatch(attribute[0].strip()) is not None


def _values(content: str, markup: _Markup) -> list[str]:
    """The values of a credential's attributes; a type is masked in its place alone, since others share it."""
    end_of_tag = _end_of_tag(content, markup)
    attributes = () if end_of_tag is None else _OWN_ATTRIBUTE.finditer(end_of_tag["tag"])
    return [
        found["value"][1:-1]
        for found in attributes
        if not _says_nothing(found) and not _TYPED.fullmatch(found["name"])
    ]


def _without_last_words(text: str) -> str:
    """Mask the text right before a closing tag that names a credential: its opening tag may be unreadable."""
    parts: list[str] = []
    done = 0
    for closing in _CLOSING.finditer(text):
        start = _run_before(text, done, closing.start())
        if text[start : closing.start()].strip():
            parts += [text[done:start], MASK]
            done = closing.start()
    return "".join([*parts, text[done:]])


def _run_before(text: str, first: int, end: int) -> int:
    if text.endswith("]]>", first, end):
        return max(first, text.rfind("<![CDATA[", first, end))
    return max(first, text.rfind("<", first, end) + 1, text.rfind(">", first, end) + 1)


def _without(text: str, contents: list[str]) -> str:
    for content in contents:
        for secret in _spellings(content):
            text = text.replace(secret, MASK)
    return text


def _spellings(content: str) -> set[str]:
    raw = _END_OF_TAG.sub("", content, count=1).strip()
    plain = unescape(raw.removeprefix("<![CDATA[").removesuffix("]]>")).strip()
    every = {raw, plain, escape(plain, quote=False), escape(plain)}
    return {secret for secret in every if _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET}
