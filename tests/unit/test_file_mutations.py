"""The measure of the check of batch files, on fewer mutations than the benchmark's (domain §8)."""

from pathlib import Path

from benchmarks import file_mutations
from benchmarks.file_correcting import corrected
from benchmarks.file_mutants import Mutant, good
from benchmarks.file_truths import TRUTHS

from uln_contract.batch_files.rows import FileForm

ANOTHER_SEED = 8


def test_defects_are_named_nothing_changes_silently_and_remedies_put_right(tmp_path: Path) -> None:
    measured = file_mutations.measure(tmp_path, 40, ANOTHER_SEED)
    assert measured.defects > 30
    assert (measured.named, measured.silent, measured.put_right) == (measured.defects, 0, measured.defects)


def test_the_measure_sees_what_the_report_would_miss(tmp_path: Path) -> None:
    truth = TRUTHS["verify"][0]
    name = truth.cell(2, "GivenName")
    typo = Mutant("typo", truth, truth.put(2, "GivenName", name[::-1]), FileForm.CSV)
    found = file_mutations.checked(typo, tmp_path)
    assert found.findings == []
    after = corrected(typo, found.findings)
    assert after.table.cell(2, "GivenName") == name[::-1]
    assert [file_mutations.silent(each, found) for each in (typo, good(truth, FileForm.CSV))] == [1, 1]
