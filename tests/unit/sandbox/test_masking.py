import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uln_server.sandbox import masking
from uln_server.sandbox.masking import MASK, NOT_KEPT, mask, masked_exchange

PASSWORD = "k9Zq72bXwLm4TpVe"
FRAGMENTS = [PASSWORD[start : start + 4] for start in range(len(PASSWORD) - 3)]


def masked(text: str, charset: str = "utf-8") -> str:
    return mask(text.encode(charset)).decode()


def leaks(text: str) -> bool:
    return any(fragment in text for fragment in FRAGMENTS)


WELL_FORMED = [
    f"<OrgPassword>{PASSWORD}</OrgPassword>",
    f"<Password>{PASSWORD}</Password>",
    f"<ns1:OrgPassword>{PASSWORD}</ns1:OrgPassword>",
    f"<a-b.c:orgPASSWORD>{PASSWORD}</a-b.c:orgPASSWORD>",
    f"<OrgPassword xsi:type='xs:string' x='>'>{PASSWORD}</OrgPassword>",
    f"<OrgPassword\n xmlns='urn:x'\n>\n {PASSWORD}\n</OrgPassword\n>",
    f"<OrgPassword><![CDATA[{PASSWORD}]]></OrgPassword>",
    f"<OrgPassword><![CDATA[</OrgPassword>{PASSWORD}]]></OrgPassword>",
    f"<OrgPassword><!-- </OrgPassword> -->{PASSWORD}</OrgPassword>",
    f"<OrgPassword><v>x</v><v>{PASSWORD}</v></OrgPassword>",
    f"<OrgPassword><OrgPassword>x</OrgPassword>{PASSWORD}</OrgPassword>",
    f"<OrgPassword><OrgPassword/>{PASSWORD}</OrgPassword>",
    f'<wsse:Password Type="urn:x#PasswordText">{PASSWORD}</wsse:Password>',
    f"<!-- <OrgPassword>{PASSWORD}</OrgPassword> -->",
    f"<![CDATA[<OrgPassword>{PASSWORD}</OrgPassword>]]>",
    f"&lt;OrgPassword&gt;{PASSWORD}&lt;/OrgPassword&gt;",
    f"&amp;lt;x:OrgPassword a=&quot;b&quot;&amp;gt;{PASSWORD}&amp;lt;/x:OrgPassword&amp;gt;",
    f"&#60;OrgPassword&#62;{PASSWORD}&#x3C;/OrgPassword&#x3E;",
    f"<user Password='{PASSWORD}'/>",
    f'<OrgPassword value="{PASSWORD}"/>',
    f"<a:OrgPassword xsi:nil='false' value = '{PASSWORD}' />",
    f'<OrgPassword a="x" b="{PASSWORD}"></OrgPassword>',
    f'<OrgPassword value="{PASSWORD}">\n</OrgPassword>',
    f"<OrgPassword value='{PASSWORD}'>x</OrgPassword>",
    f'<OrgPassword type="{PASSWORD}" xmlns="{PASSWORD}"/>',
    f'&lt;OrgPassword value="{PASSWORD}"/&gt;',
    f'<user orgPassword = "{PASSWORD}"></user>',
]
UNUSUAL = [
    f"<OrgPasword>{PASSWORD}</OrgPasword>",
    f"<Passwrod>{PASSWORD}</Passwrod>",
    f"<Org-Pass-Word>{PASSWORD}</Org-Pass-Word>",
    f"<OrgPwd>{PASSWORD}</OrgPwd>",
    f"<ClientSecret>{PASSWORD}</ClientSecret>",
    f"<Org Password>{PASSWORD}</Org Password>",
    f"<OrgPassword {PASSWORD}/>",
    f"<OrgPassword value={PASSWORD}></OrgPassword>",
    f'<OrgPassword value"{PASSWORD}" />',
    f"<OrgPassword {PASSWORD}</OrgPassword>",
    f"<OrgPassword{PASSWORD}</OrgPassword>",
    f"<OrgPassword>a<b & c<!d{PASSWORD}</OrgPassword>",
    f"< OrgPassword>{PASSWORD}</ OrgPassword>",
    f"<OrgPassword>{PASSWORD}< / OrgPassword>",
    f"<OrgPassword><OrgPassword a='b' / >{PASSWORD}</OrgPassword>",
    f"<Org\x00Pass\u200bword>{PASSWORD}</OrgPassword>",
    f'{{"OrgPassword": "{PASSWORD}"}}',
    f'{{"org_password" : "a\\"{PASSWORD}", "x": 1}}',
    f"OrgPassword={PASSWORD}&x=1",
    f"<!DOCTYPE e [<!ENTITY p '{PASSWORD}'>]><OrgPassword>&p;</OrgPassword>",
]
ENDLESS = [
    f"<OrgPassword>{PASSWORD}<UserName>u",
    f"<OrgPassword>{PASSWORD}</OrgPassword",
    f"<OrgPassword>{PASSWORD}</OrgPasswor</UserName>",
    f"<OrgPassword>{PASSWORD}</Password>",
    f"<OrgPassword>x<![CDATA[{PASSWORD}</OrgPassword>",
    f"<OrgPassword>x<!--{PASSWORD}</OrgPassword>",
    f"<OrgPassword><OrgPassword>x</OrgPassword>{PASSWORD}",
    f"<user Password='{PASSWORD}",
    f'<OrgPassword value="{PASSWORD}',
    f'<OrgPassword value="x/>{PASSWORD}"/>',
    f'{{"OrgPassword": "{PASSWORD}',
    f"&lt;OrgPassword&gt;{PASSWORD}",
]


@pytest.mark.parametrize("piece", [*WELL_FORMED, *UNUSUAL])
def test_only_the_password_goes(piece: str) -> None:
    shown = masked(f"<E><ULN>1026893096</ULN>{piece}<UserName>Kim</UserName></E>")
    assert MASK in shown
    assert not leaks(shown)
    assert shown.startswith("<E><ULN>1026893096</ULN>")
    assert shown.endswith("<UserName>Kim</UserName></E>")


@pytest.mark.parametrize("piece", ENDLESS)
def test_without_an_end_everything_after_goes(piece: str) -> None:
    shown = masked(f"<E><ULN>1026893096</ULN>{piece}")
    assert not leaks(shown)
    assert shown.startswith("<E><ULN>1026893096</ULN>")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "<E><ULN>1026893096</ULN><Passport>12345</Passport></E>",
        "<E><OrgPassword/><OrgPassword></OrgPassword><OrgPassword xsi:nil='true' /><U>Kim</U></E>",
        "<E><OrgPassword>\n</OrgPassword><U>Kim</U></E>",
        "<E><OrgPassword xmlns='' xmlns:i='http://x' i:nil=\"1\"/><U>Kim</U></E>",
        "<E Type='urn:PasswordText'><U>Kim</U></E>",
        "<faultstring>wrong organisation password</faultstring><Code>WSEC0005</Code>",
        "Siân O’Brien-Łukasz",  # noqa: RUF001  # her name
    ],
)
def test_what_holds_no_password_stays_as_it_was(message: str) -> None:
    assert masked(message) == message


MESSAGE = f"<E><U>u</U><OrgPassword>{PASSWORD}</OrgPassword><N>n</N></E>"


@pytest.mark.parametrize("length", range(len(MESSAGE)))
def test_a_cut_message_shows_no_part_of_the_password(length: int) -> None:
    assert not leaks(masked(MESSAGE[:length]))


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<OrgPassword>", "</OrgPassword>"),
        ("<v:Password>", "</v:Password>"),
        ("<OrgPassword><![CDATA[", "]]></OrgPassword>"),
    ],
)
def test_one_wrong_character_in_the_tags_shows_no_part_of_the_password(opening: str, closing: str) -> None:
    for broken in broken_by_one(opening, closing):
        assert not leaks(masked(f"<E><U>u</U>{broken}<N>n</N></E>")), broken


def broken_by_one(opening: str, closing: str) -> list[str]:
    changes = ["", *"xZ0<> /&\"':=!?-\n"]
    openings = [opening[:at] + new + opening[at + 1 :] for at in range(len(opening)) for new in changes]
    openings += [opening[:at] + new + opening[at:] for at in range(len(opening)) for new in changes]
    closings = [closing[:at] + new + closing[at + 1 :] for at in range(len(closing)) for new in changes]
    closings += [closing[:at] + new + closing[at:] for at in range(len(closing)) for new in changes]
    return [f"{one}{PASSWORD}{closing}" for one in openings] + [f"{opening}{PASSWORD}{one}" for one in closings]


@given(
    password=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zs")), min_size=6, max_size=16),
    prefix=st.sampled_from(["", "a:", "ns10:"]),
    name=st.sampled_from(["OrgPassword", "Password", "orgpassword", "PASSWORD"]),
    charset=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]),
)
def test_any_password_in_any_encoding(password: str, prefix: str, name: str, charset: str) -> None:
    tag = f"{prefix}{name}"
    shown = masked(f"<e><{tag}>{escape(password)}</{tag}><n>n</n></e>", charset)
    assert shown == f"<e><{tag}>{MASK}</{tag}><n>n</n></e>"


@given(st.from_regex(masking._MENTIONED, fullmatch=True))
def test_no_spelling_of_the_word_is_overlooked_in_a_glance(word: str) -> None:
    """A text is looked over for what every spelling holds, before anything else is done with it."""
    assert PASSWORD not in masked(f"<e><{word}>{PASSWORD}</{word}></e>")


@given(st.binary(max_size=300))
def test_no_bytes_raise(message: bytes) -> None:
    mask(message)
    mask(b"<OrgPassword" + message)
    masked_exchange(message, message)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "us-ascii", "ISO_8859-15", "UTF8"])
def test_declared_charsets_are_read(charset: str) -> None:
    shown = masked(f'<?xml version="1.0" encoding="{charset}"?>{MESSAGE}', charset)
    assert "<U>u</U>" in shown
    assert not leaks(shown)


def test_latin_1_keeps_its_letters() -> None:
    assert "Siân" in masked("<?xml version='1.0' encoding='ISO-8859-1'?><g>Siân</g>", "iso-8859-1")


def test_eight_bit_text_that_calls_itself_utf_16_is_searched() -> None:
    shown = masked(f"<?xml version='1.0' encoding='UTF-16'?>{MESSAGE}")
    assert "<U>u</U>" in shown
    assert not leaks(shown)


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE.encode("utf-7").replace(b"<", b"+ADw-").replace(b">", b"+AD4-"),
        b"<?xml version='1.0' encoding='cp037'?>" + MESSAGE.encode("cp037"),
        b"<?xml version='1.0' encoding='utf-7'?>" + MESSAGE.encode(),
        b"<?xml version='1.0' encoding='iso-8859-99'?>" + MESSAGE.encode(),
        b"\x1f\x8b\x08\x00" + MESSAGE.encode(),
    ],
)
def test_text_that_cannot_be_told_is_not_kept(message: bytes) -> None:
    assert mask(message).decode() == NOT_KEPT
    assert masked_exchange(message, message) == (NOT_KEPT, NOT_KEPT)


def test_ebcdic_shows_nothing() -> None:
    assert not leaks(mask(MESSAGE.encode("cp037")).decode())


@pytest.mark.parametrize(
    ("sent", "echo"),
    [
        (PASSWORD, f"The value '{PASSWORD}' is not accepted"),
        ("ab&amp;&lt;cd", "The value 'ab&<cd' and 'ab&amp;&lt;cd'"),
        ("<![CDATA[ab&<cd]]>", "The value 'ab&amp;&lt;cd' is not accepted"),
        (f" {PASSWORD}\n", f"<Description>{PASSWORD}</Description>"),
    ],
)
def test_a_password_that_either_repeats_goes_there_too(sent: str, echo: str) -> None:
    request = f"<E><OrgPassword>{sent}</OrgPassword><UserName>{sent}</UserName><ULN>1</ULN></E>".encode()
    shown, answered = masked_exchange(request, echo.encode())
    assert "ab&" not in shown + answered
    assert not leaks(shown + answered)
    assert shown.endswith("</UserName><ULN>1</ULN></E>")


def test_a_password_in_an_attribute_goes_wherever_it_comes_again() -> None:
    request = f"<E><OrgPassword type='xs:string' value='{PASSWORD}'/><U type='xs:string'>{PASSWORD}</U></E>"
    shown, answered = masked_exchange(request.encode(), f"The value '{PASSWORD}'".encode())
    assert not leaks(shown + answered)
    assert shown == f'<E><OrgPassword type="{MASK}" value="{MASK}"/><U type=\'xs:string\'>{MASK}</U></E>'


def test_a_password_of_a_few_letters_does_not_blot_the_reply() -> None:
    _, answered = masked_exchange(b"<OrgPassword>a</OrgPassword>", b"<faultstring>a bad day</faultstring>")
    assert answered == "<faultstring>a bad day</faultstring>"


HOSTILE = [
    b"<a>" * 400_000,
    b"<OrgPassword>x</OrgPassword>" * 50_000,
    b"<OrgPassword>" * 100_000,
    b"password" * 150_000,
    b"<" * 1_200_000 + b"pwd",
    b"<OrgPassword>" + b"<![CDATA[" * 150_000,
    b"<OrgPassword " * 100_000,
    b"<x password= " * 100_000,
    b'"password"' * 120_000,
    b"&lt;OrgPassword" * 80_000,
    b"<x " + b"a='b' " * 200_000 + b"pwd>",
    b"pwd" + b" " * 1_200_000,
    b"<!ENTITY" * 150_000 + b"pwd",
    b"&" + b"amp;" * 300_000 + b"pwd",
    b"</pwd>" * 200_000,
    b"s" * 1_200_000 + b"pwd",
    b"<pwd>x<pwd" + b" " * 1_200_000,
    b"<pwd>x<pwd" + b"/ " * 600_000,
    b"<pwd>x<" + b" " * 1_200_000 + b"pwd",
    b"<pwd>x<" + b"a" * 1_200_000 + b"pwd",
    b"<pwd>x" + b"<a" * 600_000,
    b"<pwd>x" + b"</pwd " * 200_000,
    b"<x " + b"a" * 1_200_000 + b"pwd>",
    b"<x " + b"a " * 600_000 + b"pwd>",
    b"<" + b" " * 1_200_000 + b"/pwd>",
    b"<pwd>" + b"&lt;" * 300_000,
    b"pwd=&quot;" * 100_000,
    b"<pwd a='b'/>" * 100_000,
    b"<pwd " + b"a='b' " * 40_000 + b"/>",
    b"<pwd " + b"a " * 120_000 + b"/>",
    b"<pwd " + b" " * 250_000 + b"/>",
    b"<pwd a='/>" * 25_000,
]


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: message[:16].decode())
def test_a_hostile_message_takes_bounded_time(message: bytes) -> None:
    start = time.process_time()
    assert len(mask(message)) <= 600_000
    assert time.process_time() - start < 5
