"""The sandbox's page of messages: what was sent, how it was read, why it was refused."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from html import escape

from lxml import etree

from uln_contract.codes import Explanation, explain
from uln_server.access.audit import SandboxMessage
from uln_server.html_page import document

_SHOWN_CHARACTERS = 20_000  # of one text; a hundred messages at their longest would be a page of 50 MB
_SHOWN_FIELDS = 200
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_REFUSED = re.compile(r"WSEC|HTTP|\d{3}\Z|VersionMismatch|MustUnderstand")
# Python's own phrases differ between its versions.
_STATUSES = {
    "400": "this is no request that can be read",
    "404": "nothing is at this address",
    "405": "this address does not take this method",
    "408": "the message took too long to arrive",
    "413": "the message is too large",
    "415": "the message is not XML, or says that it is not",
    "503": "the service has no room for another call at the moment",
}
_GOOD = frozenset({"WSRC0004", "WSRC0022", "WSVRC001", "WSVRC002"})

_STYLE = """
details { border: 1px solid var(--line); border-radius: 4px; margin: .5rem 0; padding: 0 1rem }
details[open] { padding-bottom: 1rem }
summary { padding: .6rem 0; cursor: pointer }
summary b { display: inline-block; min-width: 6.5rem }
.good { color: var(--good) } .bad { color: var(--bad) } .fair { color: var(--fair) }
"""


def messages_page(messages: Sequence[SandboxMessage]) -> str:
    """Give the page for messages in the order they come, newest first; each carries its id as anchor.

    Everything that a caller sent is escaped, and shown only up to 20,000 characters a text.
    """
    listed = "\n".join(map(_message, messages)) if messages else "<p>No message has come yet.</p>"
    return document(
        "Messages of the sandbox",
        f"""<h1>Messages of the sandbox</h1>
<p>The last messages that this sandbox received, newest first: what you sent, how we read it,
and why it was refused. Passwords are masked before anything is kept.
<a href="/sandbox/messages">Look again</a> for newer ones.</p>
{listed}""",
        _STYLE,
    )


def _message(message: SandboxMessage) -> str:
    """One message, folded; a link to its id unfolds it."""
    name = escape(message.message_id)
    return f"""<details>{_summary(message)}
<p class="quiet" id="{name}">Message <a href="#{name}">{name}</a> to <code>{escape(message.path)}</code></p>
<h3>{"Why it was refused" if _refused(message.code) else "What we answered"}</h3>
{_why(message.code)}
<h3>How we read it</h3>
<p>{escape(message.reading)}</p>
{_fields(message.request)}
<h3>What you sent</h3>
{_text(message.request)}
<h3>What we sent back</h3>
{_text(message.reply)}
</details>"""


def _summary(message: SandboxMessage) -> str:
    at = message.at.astimezone(UTC)
    when = f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M:%S} UTC</time>'
    return f"""<summary><b class="{_tone(message.code)}">{escape(message.code)}</b>
{escape(message.operation or message.path)}
<span class="quiet">{"refused" if _refused(message.code) else "answered"} · {when}</span></summary>"""


def _refused(code: str) -> bool:
    return _REFUSED.match(code) is not None


def _tone(code: str) -> str:
    if _refused(code):
        return "bad"
    return "good" if code in _GOOD else "fair"


def _why(code: str) -> str:
    explanation = _explanation(code)
    if explanation is None:
        return f"<p>{escape(_status_phrase(code))}</p>"
    return f"<p>{escape(explanation.text)}</p>\n<p><strong>What to do:</strong> {escape(explanation.remedy)}</p>"


def _explanation(code: str) -> Explanation | None:
    try:
        return explain(code)
    except KeyError:
        return None


def _status_phrase(code: str) -> str:
    """Say in words a code that is none of the contract's: an HTTP status or a fault of SOAP itself."""
    number = code.removeprefix("HTTP")
    if number.isdigit():
        return f"HTTP {number}: {_STATUSES.get(number, 'refused before it was read as XML')}."
    return f"A SOAP fault, {code}: the envelope cannot be taken as it is."


def _fields(request: str) -> str:
    """A table of the fields that the message carries, as far as it is XML."""
    try:
        envelope = etree.fromstring(_DECLARATION.sub("", request).encode(), _parser())
    except etree.XMLSyntaxError as error:
        return f"<p>As XML it cannot be read: {escape(str(error.msg))}.</p>" if request.strip() else ""
    rows = [_row(name, value) for name, value in _leaves(envelope)]
    more = _more(len(rows) - _SHOWN_FIELDS, "fields")
    return f"<table><tbody>{''.join(rows[:_SHOWN_FIELDS])}</tbody></table>{more}"


def _row(name: str, value: str) -> str:
    return f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _leaves(envelope: etree._Element) -> Iterator[tuple[str, str]]:
    elements: Iterable[etree._Element] = envelope.iter(etree.Element)
    for element in elements:
        if len(element) == 0 and not _is_envelope(element):
            yield etree.QName(element).localname, (element.text or "").strip()


def _is_envelope(element: etree._Element) -> bool:
    return etree.QName(element).localname in {"Envelope", "Header", "Body"}


def _text(text: str) -> str:
    if not text:
        return '<p class="quiet">Nothing.</p>'
    more = _more(len(text) - _SHOWN_CHARACTERS, "characters")
    return f'<pre tabindex="0">{escape(text[:_SHOWN_CHARACTERS])}</pre>{more}'


def _more(left: int, what: str) -> str:
    return f'<p class="quiet">and {left:,} more {what}</p>' if left > 0 else ""
