"""What counts as the e-mail address of a submission (domain §9)."""

import re

_LONGEST, _LONGEST_LOCAL_PART = 254, 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--{_LABEL})")


def mail_address(text: str) -> str | None:
    """Give the one address that the text is, without the blanks around it; ``None`` when it is none.

    One of RFC 5321 in ASCII, without quotes, comments or a name, at a domain of two parts at least [O]: every mail
    server takes such a one, and nothing in it can end a header or name a second receiver.
    """
    address = text.strip(" \t\r\n")
    found = _ADDRESS.fullmatch(address) if len(address) <= _LONGEST else None
    return address if found is not None and len(found[1]) <= _LONGEST_LOCAL_PART else None
