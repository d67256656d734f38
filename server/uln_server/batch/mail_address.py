"""What counts as the e-mail address of a submission (domain §9)."""


def mail_address(text: str) -> str | None:
    """Give the one address that the text is, as a mail server is told it; ``None`` when it is none.

    An address by the standards, in ASCII but for its domain, which is put into ASCII; without quotes, comments or
    a name, at a domain that can be reached from anywhere [O]. So every mail server takes it, and nothing in it
    ends a header or names a second receiver. Whether somebody reads there, nobody asks.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # slow to import

    try:
        found = validate_email(text.strip(), allow_smtputf8=False, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return found.ascii_email
