import pytest

from uln_server.batch.mail_address import mail_address


@pytest.mark.parametrize(
    "address",
    [
        "darcie@example.com",
        "exams.office+lrs@mis.example.ac.uk",
        "o'brien&sons@example.technology",
        "x@1.xn--p1ai",
        f"{'l' * 64}@{'d' * 63}.example",
    ],
)
def test_an_address_is_one_with_blanks_around_it_too(address: str) -> None:
    assert mail_address(address) == mail_address(f" {address}\n") == address


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "darcie", "@example.com", "darcie@", "darcie@localhost", "darcie@[127.0.0.1]"),
        *("darcie@example.com, eve@example.com", "Darcie <darcie@example.com>", "darcie@example.com;"),
        *("darcie@example.com\r\nBcc: eve@example.com", "dar cie@example.com", '"dar cie"@example.com'),
        *(".darcie@example.com", "dar..cie@example.com", "darcie@example..com", "darcie@-example.com"),
        *("darcie@example-.com", "darc\u00efe@example.com"),
        *("darcie@example.com\x00", "darcie@\u2028example.com", "darcie@@example.com"),
        f"{'l' * 65}@example.com",
        f"darcie@{'d' * 64}.com",
        f"{'l' * 60}@{'.'.join(['d' * 60] * 3)}.abcdefghijklmn",
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert mail_address(text) is None


def test_a_domain_is_put_into_ascii() -> None:
    assert mail_address("darcie@exampl\u00e9.com") == "darcie@xn--exampl-gva.com"
