"""The five details that tell learners apart: both names, date of birth, gender, postcode (domain §5, §6)."""

from dataclasses import dataclass

from uln_contract.normalising import normalise

UNKNOWN_POST_CODE = "ZZ999ZZ"
"""The usual unknown postcode, as it is compared."""
_UNKNOWN_GENDERS = frozenset({"0", "9"})


def post_code_key(post_code: str) -> str:
    """Give a postcode as it is compared: without spaces, in upper case (domain §5)."""
    return "".join(post_code.split()).upper()


def genders_agree(one: str, other: str) -> bool:
    """Tell whether two genders may be one person's: equal, or one of them not known (0) or not specified (9)."""
    return one == other or not _UNKNOWN_GENDERS.isdisjoint({one, other})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Demographics:
    """The five as a caller sent them or the register holds them. ``date_of_birth`` is ``YYYY-MM-DD``."""

    given_name: str
    family_name: str
    date_of_birth: str
    gender: str
    last_known_post_code: str

    def __repr__(self) -> str:
        """Say nothing of the person: what is printed may come into a log."""
        return "<Demographics>"

    @property
    def given_key(self) -> str:
        """The given name as it is compared."""
        return normalise(self.given_name)

    @property
    def family_key(self) -> str:
        """The family name as it is compared."""
        return normalise(self.family_name)

    @property
    def post_code_key(self) -> str:
        """The postcode as it is compared."""
        return post_code_key(self.last_known_post_code)

    @property
    def key(self) -> str:
        """The five in one text, the same for whoever writes them differently: what two registrations share.

        Here every value equals itself, the unknown postcode and genders 0 and 9 included (domain §6) [O].
        """
        return f"{self.family_key}|{self.given_key}|{self.date_of_birth}|{self.gender}|{self.post_code_key}"

    @property
    def post_code_known(self) -> bool:
        """Whether the postcode may make two records agree; the usual unknown one never does [O]."""
        return self.post_code_key != UNKNOWN_POST_CODE
