"""Whether an achievement is about the learner whose ULN it carries: learner data, LD… (domain §5, §9) [O]."""

from collections.abc import Iterable, Iterator

from uln_contract.codes import AchievementCode, FailureFlag, VerifyCode
from uln_server.record.finding import Finding, Findings
from uln_server.record.submitted import Submitted
from uln_server.register.demographics import genders_agree, post_code_key
from uln_server.register.entry import Identity, Standing
from uln_server.register.verifying import Claim, verify

_UNKNOWN = (Finding(AchievementCode.LD001, "Uln"),)
_SIMILAR = frozenset({VerifyCode.WSVRC003, VerifyCode.WSVRC004})


def learner_findings(submitted: Submitted, entry: Standing | None) -> Findings:
    """Say what speaks against the ULN's being this learner's, and what is worth saying besides.

    ``entry`` is the register's for the ULN. A merged one is compared with its own record and with its master, and
    whatever agrees with either agrees. Postcode and gender only warn: people move, and registers differ.
    """
    if entry is None:
        return _UNKNOWN
    records = entry.records
    # Most are the register's own words.
    if len(records) == 1 and _to_the_letter(submitted, records[0]):
        return ()
    return tuple(_findings(submitted, entry))


def _to_the_letter(submitted: Submitted, record: Identity) -> bool:
    """Tell whether what was sent of the learner is exactly what the record has: then nothing is to be found.

    A name as it is submitted has letters, so that it is as good as itself (``names.compare_given``).
    """
    return (
        submitted.family_name == record.family_name
        and submitted.given_name == record.given_name
        and submitted.date_of_birth in {None, record.date_of_birth}
        and submitted.gender in {None, record.gender}
        and submitted.post_code in {None, record.last_known_post_code}
    )


def _findings(submitted: Submitted, entry: Standing) -> Iterator[Finding]:
    yield from _names(submitted, entry)
    records = entry.records
    born = submitted.date_of_birth
    if born is not None and all(born != record.date_of_birth for record in records):
        yield Finding(AchievementCode.LD003, "DateofBirth")
    if entry.merged:
        yield Finding(AchievementCode.W004, "Uln")
    yield from _warnings(submitted, records)


def _names(submitted: Submitted, entry: Standing) -> Iterator[Finding]:
    names = Claim(submitted.given_name, submitted.family_name, date_of_birth=None, gender=None)
    verified = verify(names, entry)
    if verified.code is VerifyCode.WSVRC005:
        # Which of the two; for both, the family name stands.
        field = "FamilyName" if FailureFlag.VRF5 in verified.flags else "GivenName"
        yield Finding(AchievementCode.LD002, field)
    elif verified.code in _SIMILAR:
        yield Finding(AchievementCode.W003, "FamilyName")


def _warnings(submitted: Submitted, records: Iterable[Identity]) -> Iterator[Finding]:
    post_code = submitted.post_code
    if post_code is not None and not any(_lives_at(post_code, record) for record in records):
        yield Finding(AchievementCode.W001, "LearnerPostcode")
    gender = submitted.gender
    if gender is not None and not any(genders_agree(gender, record.gender) for record in records):
        yield Finding(AchievementCode.W002, "Gender")


def _lives_at(post_code: str, record: Identity) -> bool:
    held = record.last_known_post_code
    return post_code == held or post_code_key(post_code) == post_code_key(held)
