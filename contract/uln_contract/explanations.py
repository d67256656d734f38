"""What each code means and what to do about it, for a supplier's developer and an awarding organisation's clerk.

The facts are domain §4 to §7, §9 and §10; the wording is ours throughout. One table, so that the service's
faults, the client's messages and the documentation never tell different stories.
"""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a code's meaning comes from.

    ``PUBLISHED``: a public contract or guide of the Learning Records Service. ``SEEN``: real traffic or a live
    client. ``OURS``: nothing is published on the number, or on what makes the service answer it, so this project
    defines it [O]; it may differ from the Learning Records Service. Where only a detail of a published or seen
    meaning is ours, its sentence begins with "This service's rule:".
    """

    PUBLISHED = "published"
    SEEN = "seen"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code explained: ``text`` says what happened, ``remedy`` what to do next (whole sentences)."""

    code: str
    text: str
    remedy: str
    origin: Origin


def _published(code: str, text: str, remedy: str) -> Explanation:
    return Explanation(code, text, remedy, Origin.PUBLISHED)


def _seen(code: str, text: str, remedy: str) -> Explanation:
    return Explanation(code, text, remedy, Origin.SEEN)


def _ours(code: str, text: str, remedy: str) -> Explanation:
    return Explanation(code, text, remedy, Origin.OURS)


_FINDING = (
    _published(
        "WSRC0001",
        "No learner matches these details.",
        "Check the ULN digit by digit and the names against the learner's own document, and in a search by "
        "demographics the date of birth and the gender too. "
        "If the details are right, the learner may be registered under other names or not at all.",
    ),
    _published(
        "WSRC0002",
        "More than 10 learners match these details, so none is returned. "
        "This service's rule: also when so many records resemble these details that not all of them were read.",
        "Search again with more details: the postcode the learner last gave, a previous family name, the school "
        "at age 16, the place of birth or the e-mail address; or search by ULN.",
    ),
    _published(
        "WSRC0003",
        "One to 10 learners may be the one you look for; which of them is, if any, the details do not say.",
        "Compare each learner in the reply with the learner's own document before you use a ULN. "
        "Never take the first one unseen.",
    ),
    _published(
        "WSRC0004", "Exactly one learner matches.", "Nothing to correct: use the ULN in the reply's Learner."
    ),
    _seen(
        "WSRC0022",
        "The record was merged into another one; what is returned is that master record.",
        "Replace the old ULN by the master's in your own system. "
        "A Learner's LinkedULNs lists the ULNs that were merged into it.",
    ),
    _ours(
        "WSRC0015",
        "The message is valid, but its data cannot be used: a name has no letter at all or, in messages that have "
        "a VerificationType, it is 999 without OtherVerificationDescription.",
        "Send names that contain at least one letter, and with VerificationType 999 an "
        "OtherVerificationDescription.",
    ),
)

_REGISTERING = (
    _published(
        "WSRC0005",
        "The learner is registered; the reply carries the new ULN.",
        "Nothing to correct: store the ULN with the learner.",
    ),
    _seen(
        "WSRC0021",
        "The learner could not be registered. Either a record with the same names, date of birth, gender and "
        "postcode exists, or these details were not searched for first, or not recently enough, or the search "
        "gave possible matches that were not reviewed. "
        "This service's rule: also when the search found the learner, and for an update that would give a record "
        "the details of another one.",
        "Find the learner by demographics with exactly these details. Use the ULN if one is found; after possible "
        "matches, review them and then register; after no match, register straight away. After an update, ask the "
        "service's operator whether the two records are one learner's.",
    ),
    _published(
        "WSRC0006",
        "The learner's record is updated.",
        "Nothing to correct. Read the record again before the next update: its VersionNumber has grown.",
    ),
    _published(
        "WSRC0013",
        "The record was changed by someone else since you read it: your VersionNumber is no longer current.",
        "Find the learner again, look at what changed, and send the update with the new VersionNumber.",
    ),
    _ours(
        "WSRC0014",
        "AbilityToShare cannot be changed in this way: it never goes back to 0, "
        "and to 2 only where this service is set up to allow it.",
        "Send AbilityToShare as the record holds it, or 1 once the learner has seen the privacy notice "
        "and shares.",
    ),
    _published(
        "WSRC0019",
        "The update was not made: this ULN is not in the register.",
        "Check the ULN digit by digit, or find the learner by demographics to get the right one.",
    ),
    _published(
        "WSRC0020",
        "Nothing was changed: the record already holds every value you sent.",
        "Nothing to correct. If you expected a change, check that the new value really was in the message.",
    ),
)

_BATCHES = (
    _published(
        "WSRC0007",
        "The batch of registrations is accepted; it has not been processed yet.",
        "Keep the JobID and ask for the output with it.",
    ),
    _published(
        "WSRC0008",
        "The batch registration has not finished.",
        "Ask for the output again, after a second at first and then less often; do not submit the batch again.",
    ),
    _published(
        "WSRC0009",
        "The batch registration is finished; each learner carries a ReturnCode.",
        "Look at the ReturnCode of every learner: a finished batch may hold learners that were not registered.",
    ),
    _published(
        "WSRC0010",
        "The batch registration failed as a whole.",
        "The output has the rows that were done. Submit the others again, or report the JobID to the service's "
        "operator, who may have ended it.",
    ),
    _published(
        "WSRC0017",
        "The record count of the batch registration is not the number of learners in the message.",
        "Set the count to the number of learners you send, 1 to 200, and submit again.",
    ),
    _published(
        "WSRC0018",
        "There is no such job. This service's rule: a job of another organisation is answered in the same way.",
        "Check the JobID, and that you ask as the organisation that submitted the batch.",
    ),
    _ours(
        "WSRC0025",
        "The batch of verifications is accepted; it has not been processed yet.",
        "Keep the JobID and ask for the output with it.",
    ),
    _ours(
        "WSRC0026",
        "The batch verification has not finished.",
        "Ask for the output again, after a second at first and then less often; do not submit the batch again.",
    ),
    _ours(
        "WSRC0027",
        "The batch verification is finished; each learner carries a response code of its own.",
        "Look at the code of every learner: a finished batch may hold learners that do not match.",
    ),
    _ours(
        "WSRC0028",
        "The batch verification failed as a whole.",
        "The output has the rows that were done. Submit the others again, or report the JobID to the service's "
        "operator, who may have ended it.",
    ),
    _published(
        "WSRC0030",
        "The record count of the batch verification is not the number of learners in the message.",
        "Set the count to the number of learners you send and submit again.",
    ),
    _ours(
        "WSRC0023",
        "The report has entries for these dates.",
        "Nothing to correct. Replace merged ULNs and stop using deleted ones in your own system.",
    ),
    _ours(
        "WSRC0024",
        "The report has no entries for these dates.",
        "Nothing to correct. A missing ToDate means today, and both dates are included.",
    ),
)

_ACHIEVEMENTS = (
    _ours(
        "WSRC0040",
        "The batch of achievements is accepted; it has not been processed yet.",
        "Keep the job's number and ask for its status with it.",
    ),
    _ours(
        "WSRC0041",
        "The batch of achievements has not finished.",
        "Ask again, after a second at first and then less often; do not submit the batch again.",
    ),
    _ours(
        "WSRC0042",
        "The batch of achievements is finished.",
        "Read its counts and its error file: a finished batch may hold achievements that were refused.",
    ),
    _published(
        "WSRC0043",
        "This awarding organisation is not set up to submit achievements.",
        "Ask the service's operator to record your agreement to submit achievements.",
    ),
    _ours(
        "WSRC0050",
        "This is a page of your organisation's awards.",
        "Ask for the next page with NextPageToken, however few awards this one holds, until a page has none.",
    ),
    _ours(
        "WSRC0051",
        "The service holds no award of your organisation that was asked for, or none after the last page.",
        "Nothing to correct. If you expected awards, check the dates, the provider and the time asked for.",
    ),
    _published(
        "WSEC0044",
        "The e-mail address for the job's notice is not a valid address.",
        "Correct the address or leave it out. This service's rule: without it no notice is sent.",
    ),
    _published(
        "WSEC0045",
        "The submission type is not known.",
        "Correct the submission type. This service's rule: it is Final or Provisional.",
    ),
    _published(
        "WSEC0046",
        "The batch holds more achievements than one job may.",
        "Split the batch. This service's rule: a job takes 100,000 achievements, unless its operator says else.",
    ),
    _published("WSEC0047", "The batch holds no achievement.", "Send at least one achievement in the batch."),
    _seen(
        "WSEC0136",
        "The ULN is invalid. This service's rule: it has the wrong form, or its check digit does not fit.",
        "Check the ULN digit by digit: ten digits, the first not 0, the last the check digit.",
    ),
    _seen(
        "WSEC0206",
        "The learner does not share the Personal Learning Record.",
        "Nothing can be read for this learner; ask the learner, who can read the record in person.",
    ),
    _seen(
        "WSEC0208",
        "The learner could not be verified: the ULN is not in the register or the details do not agree with it.",
        "Check ULN, names, date of birth and gender against the learner's own document and ask again.",
    ),
)

_VERIFYING = (
    _published(
        "WSVRC001",
        "The learner matches: ULN, names and whatever else was sent agree with the register.",
        "Nothing to correct.",
    ),
    _published(
        "WSVRC002",
        "The learner matches, through a ULN that was merged into another one.",
        "Use the ULN in the reply from now on: it is the master that the old one was merged into.",
    ),
    _published(
        "WSVRC003",
        "The ULN was found and the names are similar to the registered ones, but not the same.",
        "Compare with the names in the reply. Correct your record, or have the register corrected, "
        "if they belong to the same person.",
    ),
    _published(
        "WSVRC004",
        "The names are similar to the registered ones, through a ULN that was merged into another one.",
        "Compare with the names in the reply, and use the ULN in the reply from now on.",
    ),
    _published(
        "WSVRC005",
        "The ULN was found, but the details do not match its holder.",
        "The FailureFlags say which details fail. Check them against the learner's own document, "
        "and check that the ULN is this learner's.",
    ),
    _published(
        "WSVRC006",
        "The ULN is not in the register.",
        "Check the ULN digit by digit against the learner's own document. If it is right, no learner of this "
        "register has it. This service's rule: a deleted record is answered in the same way.",
    ),
)

_FLAGS = (
    _published(
        "VRF1",
        "The given name does not agree with the registered given name.",
        "Send the given name as on the learner's document, without middle names or titles.",
    ),
    _published(
        "VRF2",
        "The given name does not agree with the registered family name.",
        "This service's rule: raised only beside VRF1. The two names were not simply swapped.",
    ),
    _published(
        "VRF3",
        "The given name does not agree with the registered previous family name.",
        "This service's rule: raised only beside VRF1, and only where the register holds a previous family name.",
    ),
    _published(
        "VRF4",
        "The family name does not agree with the registered given name.",
        "This service's rule: raised only beside VRF5. The two names were not simply swapped.",
    ),
    _published(
        "VRF5",
        "The family name does not agree with the registered family name.",
        "Send the family name as on the learner's document; an earlier family name may also be known.",
    ),
    _published(
        "VRF6",
        "The family name does not agree with the registered previous family name.",
        "This service's rule: raised only beside VRF5, and only where the register holds a previous family name.",
    ),
    _published(
        "VRF7",
        "The date of birth is not the registered one.",
        "Look for swapped day and month, and check the date against the learner's document.",
    ),
    _published(
        "VRF8",
        "The gender is not the registered one.",
        "Send 1 or 2 as registered, or leave it out. This service's rule: 0 and 9 never fail.",
    ),
)

_FAULTS = (
    _published(
        "WSEC0001",
        "The request is invalid: it, or a value in it, is not as the contract describes.",
        "FurtherDetails names the first place that is wrong and what belongs there. Correct the message; "
        "sending it again unchanged gives the same fault.",
    ),
    _published(
        "WSEC0002",
        "This service has no such operation. This service's rule: one that the contract has and this release does "
        "not carry out counts as none.",
        "Check the element inside the SOAP body and the address you call against the service's WSDL.",
    ),
    _published(
        "WSEC0003",
        "The organisation is unknown. This service's rule: the same when the message names none, or two that "
        "disagree, or a suspended one.",
        "Send your UKPRN or your OrganisationRef; if you send both, both must be yours. "
        "If they are right, ask the service's operator about your organisation.",
    ),
    _published(
        "WSEC0004",
        "The service is closed to your organisation at this hour.",
        "Call again within the hours agreed for your organisation. This service's rule: they are UK time.",
    ),
    _published(
        "WSEC0005",
        "The organisation's password is wrong.",
        "Check OrgPassword: 16 characters, upper and lower case matter. "
        "Ask the service's operator for a new one if it is lost.",
    ),
    _published(
        "WSEC0006",
        "Your organisation may not use this operation.",
        "Ask the service's operator which agreement the operation needs and to record it.",
    ),
    _published(
        "WSEC0999",
        "An unexpected error happened in the service.",
        "The fault is not in your message. Try again later; if it stays, report the time of the fault.",
    ),
)

EXPLANATIONS: dict[str, Explanation] = {
    explanation.code: explanation
    for explanation in (
        *_FINDING,
        *_REGISTERING,
        *_BATCHES,
        *_ACHIEVEMENTS,
        *_VERIFYING,
        *_FLAGS,
        *_FAULTS,
    )
}
