from uln_contract.batch_files.findings import Finding, Severity, UnusableFile


def made(**more: object) -> Finding:
    return Finding(code="F001", severity=Severity.ERROR, words="It is.", remedy="Do.", **more)  # type: ignore[arg-type]  # as in each test


def test_a_finding_says_where_it_is() -> None:
    assert made().place == ""
    assert made(row=7, column="DateOfBirth").place == "row 7, DateOfBirth"
    assert made(row=7, sheet="Learners").place == "sheet Learners, row 7"


def test_a_value_is_repeated_up_to_forty_characters() -> None:
    assert made(value="x" * 40).value == "x" * 40
    assert made(value="x" * 41).value == "x" * 39 + "…"


def test_a_file_s_error_says_what_decides() -> None:
    assert str(UnusableFile(made(), made(row=2))) == "It is."
