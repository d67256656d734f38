from uln_client.files.report import Report
from uln_contract.batch_files.findings import Finding, Severity


def finding(number: int, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(
        code="F025", severity=severity, words="Unknown.", remedy="Take it out.", row=number, column=f"E{number}"
    )


def test_any_number_of_columns_makes_a_bounded_report() -> None:
    report = Report("x.xml")
    for number in range(3_000):
        report.add(finding(number))
    groups = list(report.groups(Severity.ERROR))
    assert len(groups) == 1_001
    assert report.count(Severity.ERROR) == 3_000
    assert report.by_code() == {"F025": 3_000}
    assert (groups[-1].column, groups[-1].count, groups[-1].left_out) == (None, 2_000, 1_995)


def test_all_are_kept_when_all_are_wanted() -> None:
    report = Report("x.xml", most=None)
    for number in range(8):
        report.add(finding(1))
        report.add(finding(number, Severity.WARNING))
    (group,) = report.groups(Severity.ERROR)
    assert len(group.first) == 8
    assert report.count(Severity.WARNING) == 8
