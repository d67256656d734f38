"""A check's report as JUnit XML, for CI systems: a suite a file, a case a rule (domain §8).

A case is what can pass in one run and fail in the next: a rule, not a row [O]. Its failure lists the rows, as many
as the report keeps. The document is valid to the schemas of Ant's report task and of Jenkins.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from lxml import etree

from uln_client.files.report import Group, Report
from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.structure_codes import STRUCTURE
from uln_contract.batch_files.value_codes import VALUES
from uln_contract.reading import Element

# Every file is held against these; of an achievement's codes those that were found are added.
_RULES = {each.code: each.text for each in (*STRUCTURE.values(), *VALUES.values())}


def junit(reports: Iterable[Report]) -> bytes:
    """Give the document."""
    root = etree.Element("testsuites")
    for number, report in enumerate(reports):
        root.append(_suite(report, number))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _suite(report: Report, number: int) -> Element:
    groups = [*report.groups(Severity.ERROR), *report.groups(Severity.WARNING)]
    codes = list(dict.fromkeys((*_RULES, *(each.code for each in groups))))
    failed = {each.code for each in groups if each.severity is Severity.ERROR}
    suite = etree.Element(
        "testsuite",
        name=printable(report.file),
        package="uln.check",
        id=str(number),
        timestamp=report.started.strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",
        tests=str(len(codes)),
        failures=str(len(failed)),
        errors="0",
        skipped=str(len(codes) - len(failed) if report.unusable else 0),
        time=f"{report.seconds:.3f}",
    )
    etree.SubElement(suite, "properties").extend(_properties(report))
    suite.extend(_case(code, report, groups) for code in codes)
    warned = [each for each in groups if each.severity is Severity.WARNING]
    etree.SubElement(suite, "system-out").text = "".join(_lines(warned))
    etree.SubElement(suite, "system-err")
    return suite


def _properties(report: Report) -> Iterable[Element]:
    known = {
        "layout": report.layout.name if report.layout else "",
        "rows": str(report.rows),
        "refused": str(report.refused),
    }
    return [etree.Element("property", name=name, value=value) for name, value in known.items()]


def _case(code: str, report: Report, groups: Sequence[Group]) -> Element:
    case = etree.Element("testcase", name=_name(code), classname=_class(report), time="0")
    broken = [each for each in groups if each.code == code and each.severity is Severity.ERROR]
    if broken:
        failure = etree.SubElement(case, "failure", type=code, message=printable(broken[0].first[0].words))
        failure.text = "".join(_lines(broken))
    elif report.unusable:
        # Nobody knows what would have been found in the rest of the file.
        etree.SubElement(case, "skipped")
    return case


def _name(code: str) -> str:
    """A rule's code, and the beginning of what it says."""
    said = _RULES.get(code, "").partition(".")[0].partition(":")[0]
    return f"{code} {said}".rstrip()


def _class(report: Report) -> str:
    """What a CI system groups by: the file's name, whose dots would else be read as packages."""
    return printable(Path(report.file).name.replace(".", "_"))


def _lines(groups: Sequence[Group]) -> Iterable[str]:
    for group in groups:
        for each in group.first:
            yield f"{printable(_line(each))}\n"
        if group.left_out:
            yield f"and {group.left_out:,} more\n"


def _line(finding: Finding) -> str:
    place = f"{finding.place}: " if finding.place else ""
    value = "" if finding.value is None else f"{finding.value!r}: "
    return f"{place}{value}{finding.code} {finding.words} {finding.remedy}"


def printable(text: str) -> str:
    """Replace what XML cannot carry, and what would steer a terminal, by ``?``."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)
