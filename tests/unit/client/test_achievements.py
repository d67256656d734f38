"""What became of achievements: an error file and the counters, read into one result for each."""

import csv
import io

import pytest

from uln_client.achievements import AchievementOutcome, AchievementResult, Sent, error_file, results
from uln_client.errors import InvalidReply
from uln_contract.external_records import AchievementBatchJobResponse

HEADINGS = [
    *("RecordNumber", "MisIdentifier", "Uln", "UnitOrQualificationReferenceNumber"),
    *("Field", "Code", "Class", "Message", "Remedy"),
]
A, R, U = AchievementOutcome.ACCEPTED, AchievementOutcome.REFUSED, AchievementOutcome.UNKNOWN


def line(number: int | str, code: str = "LD001", message: str = 'No, not "this".') -> list[object]:
    kind = {"W": "Warning", "L": "Learner data"}.get(code[:1], "")
    return [number, "MIS", "1026893096", "S/900/0001", "Uln", code, kind, message, "Do that."]


def file(*lines: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADINGS, *lines])
    return text.getvalue()


REST = line("", "", "7 more lines are left out.")


def came_of(text: str | None, accepted: int, refused: int) -> list[AchievementResult]:
    """What four achievements came to, the first the eleventh of all."""
    output = AchievementBatchJobResponse(
        achievement_batch_error_file=text,
        successful_final_achievements=min(accepted, 1),
        successful_provisional_achievements=accepted - min(accepted, 1),
        field_data_errors=None,
        learner_data_errors=min(refused, 1),
        business_rule_errors=refused - min(refused, 1),
    )
    sent = [Sent(str(number), "S/900/0001", None, 1) for number in range(4)]
    return list(results(output, 100001, sent, 11))


def test_an_error_file_is_read_in_the_service_s_words() -> None:
    read = error_file(file(line(2), line(2, "W001"), line(3)))
    assert [(each.number, each.code, each.refuses) for each in read.findings] == [
        (2, "LD001", True),
        (2, "W001", False),
        (3, "LD001", True),
    ]
    assert (read.findings[0].message, read.findings[0].remedy) == ('No, not "this".', "Do that.")
    assert read.left_out == ""


@pytest.mark.parametrize("text", [None, ""])
def test_there_may_be_no_error_file(text: str | None) -> None:
    assert error_file(text).findings == ()


def test_columns_are_found_by_their_headings() -> None:
    text = file(line(2)).replace("Remedy", "Remedy,Sheet", 1).replace("Do that.", "Do that.,1", 1)
    assert error_file(text).findings[0].remedy == "Do that."


@pytest.mark.parametrize("text", ["Sorry", "RecordNumber,Code\n1,LD001\n", file(line("two"))])
def test_what_is_no_error_file_is_no_sound_reply(text: str) -> None:
    with pytest.raises(InvalidReply):
        error_file(text)


CASES: list[tuple[str | None, tuple[int, int], list[AchievementOutcome]]] = [
    (None, (4, 0), [A, A, A, A]),
    (file(line(2)), (3, 1), [A, R, A, A]),
    (file(line(1, "W001"), line(4)), (3, 1), [A, A, A, R]),
    # Cut: of what lies behind the last line nothing is known, and of that one's achievement not all.
    (file(line(1), line(2, "W001"), REST), (2, 2), [R, U, U, U]),
    (file(line(1), line(2), REST), (1, 3), [R, R, U, U]),
    # Cut, but the counters say that all the others were refused.
    (file(line(1), line(2, "W001"), REST), (0, 4), [R, R, R, R]),
    # Cut, but every refusal is named: only warnings are left out.
    (file(line(1), line(2, "W001"), REST), (3, 1), [R, A, A, A]),
    # The job ended after two, and before the first.
    (file(line(2)), (1, 1), [A, R]),
    (None, (0, 0), []),
]


@pytest.mark.parametrize(("text", "counted", "outcomes"), CASES)
def test_each_achievement_has_its_outcome(
    text: str | None, counted: tuple[int, int], outcomes: list[AchievementOutcome]
) -> None:
    found = came_of(text, *counted)
    assert [each.outcome for each in found] == outcomes
    assert [each.accepted for each in found] == [each is A for each in outcomes]
    assert [(each.number, each.uln) for each in found] == [
        (11 + place, str(place)) for place in range(len(outcomes))
    ]


def test_each_achievement_has_its_lines() -> None:
    found = came_of(file(line(2), line(2, "W001"), line(4, "W001")), 3, 1)
    assert [[each.code for each in one.findings] for one in found] == [[], ["LD001", "W001"], [], ["W001"]]


def test_more_than_was_sent_is_no_sound_reply() -> None:
    with pytest.raises(InvalidReply, match="5 achievements of 4"):
        came_of(None, 5, 0)
