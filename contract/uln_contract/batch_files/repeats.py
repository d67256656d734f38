"""Rows of one file that are about the same learner or achievement (domain §7, §8)."""

from uln_contract.batch_files.duplicates import Rows
from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.relations import FIVE, Values
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.layouts import FileKind
from uln_contract.normalising import normalise
from uln_contract.references import key_of

_GIVEN, _FAMILY, *_REST = FIVE


class Repeats:
    """Tells of a row without an error whether an earlier such row is about the same.

    As the service does: a row that is refused is nobody's earlier row, and names and postcodes are compared as
    the service compares them.
    """

    def __init__(self, kind: FileKind) -> None:
        self._rows, self._numbers = Rows(), Rows()
        self._of = {
            FileKind.REGISTRATION: self._registration,
            FileKind.VERIFICATION: self._verification,
            FileKind.ACHIEVEMENTS: self._achievement,
        }[kind]

    def judge(self, values: Values, row: int) -> Finding | None:
        """Give the finding, which names the first row that is about the same; remember the row."""
        return self._of(values, row)

    def _registration(self, values: Values, row: int) -> Finding | None:
        uln, five = values.get("ULN"), _five(values)
        by_uln = self._rows.first(uln, row) if uln else None
        by_five = self._rows.first(five, row) if five else None
        if by_uln:
            words = f"ULN is that of row {by_uln}: a file has each learner once."
            return found(ValueCode.SAME_LEARNER, words, _one(by_uln), column="ULN", value=uln)
        if by_five:
            words = f"The names, date of birth, gender and postcode are those of row {by_five}."
            return found(ValueCode.SAME_LEARNER, words, _one(by_five))
        return self._same_number(values, row)

    def _verification(self, values: Values, row: int) -> Finding | None:
        uln = values["ULN"]
        first = self._rows.first(uln, row)
        if first is None:
            return self._same_number(values, row)
        return found(ValueCode.SAME_ULN, f"ULN is that of row {first}.", column="ULN", value=uln)

    def _same_number(self, values: Values, row: int) -> Finding | None:
        """Look for another learner under the same number of the sender's own system."""
        number = values.get("MISIdentifier")
        first = self._numbers.first(number, row) if number else None
        if first is None:
            return None
        words = f"MISIdentifier is that of row {first}, which is about another learner."
        return found(ValueCode.SAME_MIS_IDENTIFIER, words, column="MISIdentifier", value=number)

    def _achievement(self, values: Values, row: int) -> Finding | None:
        reference = values["UnitOrQualificationReferenceNumber"]
        first = self._rows.first((values["Uln"], key_of(reference), values["Action"]), row)
        if first is None:
            return None
        words = f"Row {first} has the same ULN, reference number and Action."
        column = "UnitOrQualificationReferenceNumber"
        return found(ValueCode.SAME_ACHIEVEMENT, words, column=column, value=reference)


def _one(first: int) -> str:
    return f"Take this row out, or row {first}; or correct the one that belongs to somebody else."


def _five(values: Values) -> tuple[str, ...] | None:
    """Give the five as they are compared (domain §5, §6)."""
    if not all(name in values for name in FIVE):
        return None
    birth, gender, post_code = (values[name] for name in _REST)
    return (
        normalise(values[_FAMILY]),
        normalise(values[_GIVEN]),
        birth,
        gender,
        "".join(post_code.split()).upper(),
    )
