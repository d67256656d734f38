"""What can be wrong with the values of a batch file: one catalogue of codes (domain §8) [O].

An error of an achievement carries the code FD… that the service itself would give; the others are these.
"""

from enum import StrEnum

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.explanations import Explanation, Origin


class ValueCode(StrEnum):
    """``code`` of a finding on a value, on a record's values together, or on the file's records."""

    MISSING = "V001"
    LENGTH = "V002"
    FORM = "V003"
    CONTROL = "V004"
    LOST_LETTER = "V005"
    MOJIBAKE = "V006"
    WHITE_SPACE = "V007"
    SPELLING = "V008"
    OTHER_DATE = "V009"
    AMBIGUOUS_DATE = "V010"
    SERIAL_DATE = "V011"
    NO_SUCH_DAY = "V012"
    FUTURE = "V013"
    UNLIKELY_DATE = "V014"
    AGE = "V015"
    SCIENTIFIC = "V016"
    LEADING_ZERO = "V017"
    CHECK_DIGIT = "V018"
    UNKNOWN_ULN = "V019"
    NO_LETTER = "V020"
    DESCRIPTION = "V021"
    FIVE = "V022"
    NEW_LEARNER = "V023"
    TYPOGRAPHY = "V024"
    CODE_IN_WORDS = "V025"
    SPREADSHEET_ERROR = "V026"
    QUESTION_MARK = "V027"
    UNLIKELY_POST_CODE = "V028"
    UNLIKELY_UKPRN = "V029"
    SWAPPED = "V030"
    SAME_LEARNER = "V031"
    SAME_ULN = "V032"
    SAME_ACHIEVEMENT = "V033"
    FILE_VERSION = "V034"
    UKPRN = "V035"
    UKPRN_OF_NAME = "V036"
    COUNT = "V037"
    COUNT_DIFFERS = "V038"
    LATER_ROW = "V039"
    OTHER_NAME = "V040"
    TOO_MANY = "V041"
    FEW = "V042"
    NO_RECORD = "V043"
    HEADINGS_AGAIN = "V044"
    UNLIKELY_NAME = "V045"
    SAME_MIS_IDENTIFIER = "V046"

    @property
    def severity(self) -> Severity:
        """What a finding of this code means, unless it is told otherwise where it is found."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR


_WARNINGS = frozenset(
    {
        *(ValueCode.WHITE_SPACE, ValueCode.SPELLING, ValueCode.UNLIKELY_DATE, ValueCode.NEW_LEARNER),
        *(ValueCode.UNLIKELY_NAME, ValueCode.SAME_MIS_IDENTIFIER),
        *(ValueCode.QUESTION_MARK, ValueCode.UNLIKELY_POST_CODE, ValueCode.UNLIKELY_UKPRN),
        *(ValueCode.SAME_ULN, ValueCode.SAME_ACHIEVEMENT, ValueCode.UKPRN_OF_NAME, ValueCode.OTHER_NAME),
        ValueCode.FEW,
    }
)


def _ours(code: ValueCode, text: str, remedy: str) -> Explanation:
    return Explanation(code.value, text, remedy, Origin.OURS)


_ANY = (
    _ours(
        ValueCode.MISSING,
        "A value that every record needs is not given.",
        "Fill it in, from the learner's own document or your own system.",
    ),
    _ours(
        ValueCode.LENGTH,
        "The value is longer than its field takes.",
        "Shorten it to the number of characters that is named.",
    ),
    _ours(
        ValueCode.FORM,
        "The value has not the form that its field asks for.",
        "Write it in the form that is named.",
    ),
    _ours(
        ValueCode.CONTROL,
        "The value holds a control character, which no field takes.",
        "Write the value again by hand: what cannot be seen is copied along.",
    ),
    _ours(
        ValueCode.LOST_LETTER,
        "The value holds the mark of a letter that a program could not read, so that the letter is lost.",
        "Write the value again from its source, and save the file as CSV UTF-8.",
    ),
    _ours(
        ValueCode.MOJIBAKE,
        "Letters with accents were read in the wrong encoding before they came into this file, such as SiÃ¢n for "
        "Siân.",
        "Write the value that is named, if it is the right one. In the program that made the list, choose UTF-8 "
        "when the list is read in.",
    ),
    _ours(
        ValueCode.WHITE_SPACE,
        "The value has white space around it or more than one space within, a line break, or characters that "
        "cannot be seen. It is sent without.",
        "Nothing has to be done; write it as it is sent if your own system should have the same.",
    ),
    _ours(
        ValueCode.SPELLING,
        "The value is one that is known, but is not spelt in the usual way: small letters, a missing space, a "
        "zero in front. It is sent as usual.",
        "Nothing has to be done; write it as it is sent if your own system should have the same.",
    ),
    _ours(
        ValueCode.SCIENTIFIC,
        "A spreadsheet has shortened the number, such as 1.03E+09, so that its digits are lost.",
        "Format the column as text in the spreadsheet, and write the number again from its source.",
    ),
    _ours(
        ValueCode.LEADING_ZERO,
        "The number is too short, and probably had zeros in front that a spreadsheet took away.",
        "Format the column as text in the spreadsheet, and write the number with its zeros.",
    ),
    _ours(
        ValueCode.TYPOGRAPHY,
        "The value has the right letters and digits, with typographic dashes or quotation marks, or signs "
        "between them that do not belong there.",
        "Write it as named.",
    ),
    _ours(
        ValueCode.CODE_IN_WORDS,
        "A code is written in words, or in another way than the layout has it.",
        "Write the code that is named.",
    ),
    _ours(
        ValueCode.SPREADSHEET_ERROR,
        "The value is a spreadsheet's error, such as #N/A, or a word for nothing.",
        "Write the value itself, or leave the cell empty where it may be.",
    ),
)

_DATES = (
    _ours(
        ValueCode.OTHER_DATE,
        "The date is written in another way than YYYY-MM-DD.",
        "Write it as named. In a spreadsheet, format the column as text, or with the format yyyy-mm-dd.",
    ),
    _ours(
        ValueCode.AMBIGUOUS_DATE,
        "The date may be read in two ways: day and month may be swapped, or the century may be either.",
        "Write the one that is right of the two that are named.",
    ),
    _ours(
        ValueCode.SERIAL_DATE,
        "The date is a number: what a spreadsheet keeps instead of a date.",
        "Format the column with yyyy-mm-dd in the spreadsheet, and write the date that is named if it is right.",
    ),
    _ours(
        ValueCode.NO_SUCH_DAY,
        "The calendar has no such day.",
        "Correct day, month or year.",
    ),
    _ours(
        ValueCode.FUTURE,
        "The date lies in the future.",
        "Correct the date; look for a wrong century, and for swapped day and month.",
    ),
    _ours(
        ValueCode.UNLIKELY_DATE,
        "The date is possible, and still not likely: it does not fit the learner's age or another date.",
        "Check it against the learner's own document.",
    ),
    _ours(
        ValueCode.AGE,
        "The date of birth is outside the range of 13 to 110 years in which a learner can be registered.",
        "Check it against the learner's own document; look for a wrong century or year.",
    ),
)

_IDENTITY = (
    _ours(
        ValueCode.CHECK_DIGIT,
        "The ULN's check digit does not fit: a digit was misread, or two were swapped.",
        "Copy the ULN again from its source, digit by digit.",
    ),
    _ours(
        ValueCode.UNKNOWN_ULN,
        "9999999999 is the funding return's number for an unknown ULN, and nobody's.",
        "Give the learner's own ULN. To register, leave the ULN empty.",
    ),
    _ours(
        ValueCode.NO_LETTER,
        "A name has no letter in it.",
        "Give the name as on the learner's own document.",
    ),
    _ours(
        ValueCode.QUESTION_MARK,
        "A name has a question mark in it, which a program writes for a letter that it does not know.",
        "Look the name up, and write the letter.",
    ),
    _ours(
        ValueCode.UNLIKELY_NAME,
        "A name has a digit or a sign in it that names have not, such as = or @: it may be a mistyped letter, a "
        "spreadsheet's formula, or another column's value.",
        "Look the name up. Nothing has to be done if the learner's own document has it so.",
    ),
    _ours(
        ValueCode.DESCRIPTION,
        "VerificationType is 999, other, and OtherVerificationDescription does not say what was seen.",
        "Say what was seen, or give another VerificationType.",
    ),
    _ours(
        ValueCode.FIVE,
        "Without a ULN, a learner is known by the names, date of birth, gender and postcode, and one of these is "
        "not given (code RC006).",
        "Give all five, or the ULN.",
    ),
    _ours(
        ValueCode.NEW_LEARNER,
        "A learner who is not in the register yet cannot be registered without this value (code RC006).",
        "Give it, unless you know that the learner is registered already.",
    ),
    _ours(
        ValueCode.UNLIKELY_POST_CODE,
        "The learner's postcode is none of the United Kingdom's, so that it can agree with no register.",
        "Correct it, or leave it out.",
    ),
    _ours(
        ValueCode.UNLIKELY_UKPRN,
        "The provider's UKPRN has not eight digits, the first not 0; the service will refuse the achievement "
        "(code BR006).",
        "Send the eight digits of the provider's UKPRN.",
    ),
)

_FILE = (
    _ours(
        ValueCode.SWAPPED,
        "Two columns seem to be swapped: most rows have in each of them what belongs into the other.",
        "Swap the two headings, or the two columns.",
    ),
    _ours(
        ValueCode.SAME_LEARNER,
        "An earlier row is about the same learner: the same ULN, or the same names, date of birth, gender and "
        "postcode (code RC010).",
        "Keep one of the two rows; or correct the one that belongs to somebody else.",
    ),
    _ours(
        ValueCode.SAME_ULN,
        "An earlier row has the same ULN.",
        "Nothing has to be done if both are the same learner. Otherwise look which of the two has a wrong ULN.",
    ),
    _ours(
        ValueCode.SAME_MIS_IDENTIFIER,
        "An earlier row has the same MISIdentifier: what comes back is told apart by it, so that one learner may "
        "be given the other's ULN.",
        "Give each learner a number of its own, unless both rows are the same learner.",
    ),
    _ours(
        ValueCode.SAME_ACHIEVEMENT,
        "An earlier row has the same ULN, reference number and Action: an achievement counts once.",
        "Take one of the two rows out, unless both are meant, such as two updates of different days.",
    ),
    _ours(
        ValueCode.FILE_VERSION,
        "FileVersion is not the version of the layout whose headings the file has.",
        "Write the FileVersion that is named into the first row.",
    ),
    _ours(
        ValueCode.UKPRN,
        "The file's UKPRN is missing, malformed, or another organisation's than the one that sends it.",
        "Write the UKPRN of the organisation that registers into the first row, or choose another file.",
    ),
    _ours(
        ValueCode.UKPRN_OF_NAME,
        "The UKPRN in the file's name is another than the file's own, or than that of who sends it.",
        "Rename the file, if its content is the right one.",
    ),
    _ours(
        ValueCode.COUNT,
        "LearnerRecordCount is missing, or no whole number.",
        "Write the number of the file's learners into LearnerRecordCount of the first row.",
    ),
    _ours(
        ValueCode.COUNT_DIFFERS,
        "LearnerRecordCount is not the number of the file's learners: rows may be missing.",
        "Look whether the file is whole, and then write the number of its learners.",
    ),
    _ours(
        ValueCode.LATER_ROW,
        "A later row fills FileVersion, FileName, UKPRN or LearnerRecordCount, which only the first row does: "
        "several files may have been joined.",
        "Leave the four empty in every row but the first, and count all learners in the first.",
    ),
    _ours(
        ValueCode.OTHER_NAME,
        "FileName is not the file's own name.",
        "Write the file's name into FileName of the first row, or rename the file.",
    ),
    _ours(
        ValueCode.TOO_MANY,
        "The file holds more records than one file may.",
        "Split it into several files.",
    ),
    _ours(
        ValueCode.FEW,
        "The file holds fewer records than files of its layout usually do.",
        "Nothing has to be done if these are all.",
    ),
    _ours(
        ValueCode.NO_RECORD,
        "The file holds no record.",
        "Look whether the export was finished, and make the file again.",
    ),
    _ours(
        ValueCode.HEADINGS_AGAIN,
        "The headings stand once more in a later row: files were joined, or the pages of a list copied below each "
        "other.",
        "Take the row out; look whether the records below it belong into this file.",
    ),
)

VALUES = {ValueCode(each.code): each for each in (*_ANY, *_DATES, *_IDENTITY, *_FILE)}
"""Every code explained."""


def found(  # noqa: PLR0913  # a finding has as many places
    code: ValueCode,
    words: str,
    remedy: str | None = None,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    fixed: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """Make a finding; without a ``remedy`` or ``severity`` of its own it has the code's."""
    return Finding(
        code=code.value,
        severity=severity or code.severity,
        words=words,
        remedy=VALUES[code].remedy if remedy is None else remedy,
        row=row,
        column=column,
        value=value,
        fixed=fixed,
    )
