"""XML files that a program has broken."""

from tests.golden.broken import LRB, QCF, VER, broken
from tests.golden.tables import AWARDS, REGISTRATION, VERIFY

GOOD = VERIFY.xml()
_REGISTRATION = REGISTRATION.put(2, "FileName", f"{LRB}.XML").xml()


def _instead(old: str, new: str, good: bytes = GOOD) -> bytes:
    assert old.encode() in good, old
    return good.replace(old.encode(), new.encode(), 1)


broken("clean XML", f"{VER}.xml", lambda: GOOD)
broken("XML cut off", f"{VER}.xml", lambda: GOOD[:-90])
broken("XML cut off within the first record", f"{VER}.xml", lambda: GOOD[:200])
broken(
    "XML with a DTD",
    f"{VER}.xml",
    lambda: _instead("<VerifyFile", '<!DOCTYPE VerifyFile [<!ENTITY x "Darcie">]>\n<VerifyFile'),
)
broken("XML of another root", "feed.xml", lambda: b'<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>\n')
broken(
    "XML with an unknown element",
    f"{VER}.xml",
    lambda: _instead("<GivenName>Darcie", "<Campus>North</Campus><GivenName>Darcie"),
)
broken(
    "XML with an element in other case", f"{VER}.xml", lambda: _instead("<Gender>1</Gender>", "<gender>1</gender>")
)
broken(
    "XML with nested elements",
    f"{VER}.xml",
    lambda: _instead("<GivenName>Darcie</GivenName>", "<GivenName><First>Darcie</First></GivenName>"),
)
broken("XML with attributes", f"{VER}.xml", lambda: _instead("<GivenName>Darcie", '<GivenName lang="en">Darcie'))
broken(
    "XML with an element twice",
    f"{VER}.xml",
    lambda: _instead("<Gender>1</Gender>", "<Gender>1</Gender><Gender>2</Gender>"),
)
broken("XML without a namespace", f"{VER}.xml", lambda: _instead(' xmlns="urn:uln-interchange:files"', ""))
broken("XML with an ampersand", f"{VER}.xml", lambda: _instead("Tucker", "Tucker & Son"))
broken(
    "XML in another encoding than it says", f"{VER}.xml", lambda: GOOD.decode().replace("Ł", "L").encode("cp1252")
)
broken(
    "XML with text between the records",
    f"{VER}.xml",
    lambda: _instead("</Learner>\n", "</Learner>\nend of page one\n"),
)
broken(
    "XML with another record between",
    f"{VER}.xml",
    lambda: _instead("</Learner>\n", "</Learner><Teacher><Name>Kim</Name></Teacher>\n"),
)
broken("XML without records", f"{VER}.xml", lambda: b'<VerifyFile xmlns="urn:uln-interchange:files"/>')
broken("XML with a required element missing", f"{VER}.xml", lambda: _instead("<ULN>9276308686</ULN>", ""))
broken(
    "XML with elements in another order",
    f"{VER}.xml",
    lambda: _instead(
        "<MISIdentifier>MIS-0001</MISIdentifier><ULN>1026893096</ULN>",
        "<ULN>1026893096</ULN><MISIdentifier>MIS-0001</MISIdentifier>",
    ),
)
broken(
    "XML with a wrong count",
    f"{LRB}.XML",
    lambda: _instead("<LearnerRecordCount>50<", "<LearnerRecordCount>53<", _REGISTRATION),
)
broken(
    "XML with leading elements behind the records",
    f"{LRB}.XML",
    lambda: _instead("<UKPRN>90000001</UKPRN>", "", _REGISTRATION).replace(
        b"</LearnerRegistrationFile>", b"<UKPRN>90000001</UKPRN></LearnerRegistrationFile>"
    ),
)
broken(
    "XML of achievements with bad values",
    f"{QCF}.xml",
    lambda: AWARDS.put(3, "Uln", "1026893097").put(4, "AchievementAwardDate", "28/06/2024").xml(),
)
