"""What a record says of an invented learner: the optional fields, and how often each is filled [O].

``docs/sandbox.md`` gives the same shares. Values keep to the lengths and patterns of the contract type
``learner:Learner``.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from uln_contract.normalising import normalise
from uln_server.register.learner import Learner, Status
from uln_server.sandbox.drawing import Draw, between, one_of
from uln_server.sandbox.mark import INVENTED
from uln_server.sandbox.places import Home, Region, areas
from uln_server.sandbox.populations import FEMALE, MALE, Population, Sex, names_of

TITLE = 0.35
MIDDLE_NAME = 0.35
PREFERRED_NAME = 0.4
"""Of those whose given name has a short form in ``SHORT_FORMS``."""
MARRIED_NAME = 0.25
"""Of women of 22 and older."""
NAME_AT_16 = 0.3
SCHOOL = 0.55
"""Both of learners of 16 and older."""
ADDRESS = 0.7
PLACE_OF_BIRTH = 0.35
NATIONALITY = 0.45
E_MAIL = 0.4
SCOTTISH_NUMBER = 0.6
"""Of learners in Scotland."""
NOTES = 0.005
CHANGED = 0.22
"""Records that were changed after they were registered: version 2 or more."""
POST_CODE_UNKNOWN = 0.004
POST_CODE_WRITTEN_OTHERWISE = 0.01
"""In lower case, or without the space."""

GENDERS = Draw((("", 98.5), ("0", 0.9), ("9", 0.6)))
"""The gender as registered, where it is not the learner's own."""
VERIFICATION_TYPES = Draw(
    (
        ("1", 60.0),
        ("2", 12.0),
        ("0", 10.0),
        ("3", 7.0),
        ("5", 5.0),
        ("7", 2.0),
        ("999", 2.0),
        ("4", 1.0),
        ("6", 1.0),
    )
)
ABILITIES_TO_SHARE = Draw((("1", 86.0), ("0", 12.0), ("2", 2.0)))

_SHORT_FORMS = """
Alexander:Alex Andrew:Andy Anthony:Tony Benjamin:Ben Charles:Charlie Christopher:Chris Daniel:Dan David:Dave
Edward:Ed Frederick:Freddie Geoffrey:Geoff Gregory:Greg Jacob:Jake James:Jamie Jonathan:Jon Joseph:Joe
Joshua:Josh Kenneth:Ken Matthew:Matt Michael:Mike Nathan:Nat Nicholas:Nick Oliver:Ollie Patrick:Paddy Peter:Pete
Philip:Phil Raymond:Ray Richard:Rich Robert:Rob Ronald:Ron Samuel:Sam Stephen:Steve Steven:Steve Thomas:Tom
Timothy:Tim William:Will Zachary:Zac Mohammed:Mo Muhammad:Mo Katarzyna:Kasia Abigail:Abi Amanda:Mandy Bethany:Beth
Catherine:Cathy Charlotte:Lottie Christine:Chris Deborah:Debbie Eleanor:Ellie Elizabeth:Liz Francesca:Fran
Gillian:Gill Jacqueline:Jackie Jennifer:Jenny Jessica:Jess Joanne:Jo Katherine:Kate Kathleen:Kath
Margaret:Maggie Matilda:Tilly Natalie:Nat Natasha:Tash Nicola:Nicky Pamela:Pam Patricia:Pat Rebecca:Becky
Samantha:Sam Stephanie:Steph Susan:Sue Victoria:Vicky Isabella:Bella
"""
SHORT_FORMS = dict(pair.split(":") for pair in _SHORT_FORMS.split())
"""Short forms by which learners like to be called; all are similar to the full name (domain §5)."""

_MARRIED_FROM, _SIXTEEN, _GROWN = 22, 16, 30  # years of age
_SCHOOLS = (
    *(
        "{} High School",
        "{} Academy",
        "{} Community College",
        "St Mary's Catholic School, {}",
        "{} Grammar School",
    ),
    *(
        "{} School for Girls",
        "The {} School",
        "St Peter's CE School, {}",
        "{} Sixth Form College",
        "{} Park School",
    ),
)
_EVIDENCE = (
    *(
        "Letter from the head teacher",
        "Birth certificate",
        "Letter from a social worker",
        "Biometric residence permit",
    ),
    *(
        "Student card of a university",
        "Military identity card",
        "Letter from the Home Office",
        "Proof of age card",
    ),
)
_NOTES = (
    *("Sits examinations in March.", "Transferred from another school.", "Needs extra time in examinations."),
    *("Details checked by telephone.", "Name spelt as in the passport.", "Returned to learning."),
)
_ABROAD = {
    Population.IRISH: ("IRL", ("Dublin", "Cork", "Galway", "Limerick", "Letterkenny")),
    Population.MUSLIM: ("PAK", ("Mirpur", "Lahore", "Islamabad", "Karachi", "Sylhet", "Dhaka")),
    Population.INDIAN: ("IND", ("Ahmedabad", "Jalandhar", "Mumbai", "Delhi", "Nairobi", "Leicester")),
    Population.POLISH: ("POL", ("Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Rzeszów")),
    Population.WEST_AFRICAN: ("NGA", ("Lagos", "Ibadan", "Abuja", "Accra", "Kumasi", "London")),
    Population.EAST_AFRICAN: ("SOM", ("Mogadishu", "Hargeisa", "Nairobi", "Asmara", "Addis Ababa")),
    Population.EUROPEAN: ("ROU", ("București", "Iași", "Cluj-Napoca", "Lisboa", "Porto", "Napoli", "Bergamo")),
    Population.CHINESE: ("CHN", ("Hong Kong", "Guangzhou", "Shanghai", "Beijing", "Fuzhou")),
}
_BORN_ABROAD = 0.4


@dataclass(frozen=True, slots=True)
class Who:
    """An invented learner, before anybody asked for more.

    ``family_name`` is the one from birth, as a man bears it.
    """

    given_name: str
    family_name: str
    sex: Sex
    born: date
    population: Population
    home: Home


def describe(who: Who, uln: str, registered: datetime, until: datetime, chance: Random) -> Learner:
    """Make the record of a learner who was registered then; changes to it lie before ``until``.

    Takes about 20 microseconds.
    """
    age = (registered.date() - who.born).days * 4 // 1461  # a day around the birthday makes no difference here
    family_name, previous, at_16 = _family_names(who, age, chance)
    verification = VERIFICATION_TYPES(chance)
    version, updated = _changes(registered, until, chance)
    located = chance.random() < ADDRESS
    area = who.home.place.area
    return Learner(
        uln=uln,
        status=Status.ACTIVE,
        version=version,
        created_at=registered,
        updated_at=updated,
        given_name=who.given_name,
        family_name=family_name,
        date_of_birth=who.born.isoformat(),
        gender=GENDERS(chance) or who.sex,
        last_known_post_code=written(who.home.place.post_code, chance),
        ability_to_share=ABILITIES_TO_SHARE(chance),
        verification_type=verification,
        title=_title(who.sex, age, chance) if chance.random() < TITLE else None,
        middle_other_name=_middle_name(who, chance) if chance.random() < MIDDLE_NAME else None,
        preferred_given_name=_preferred_name(who.given_name, chance),
        previous_family_name=previous,
        family_name_at_age16=at_16,
        school_at_age16=_school(chance) if age >= _SIXTEEN and chance.random() < SCHOOL else None,
        last_known_address_line1=who.home.line1 if located else None,
        last_known_address_town=area.town if located else None,
        last_known_address_county_or_city=area.county if located else None,
        date_of_address_capture=registered.date().isoformat() if located else None,
        place_of_birth=_place_of_birth(who, chance) if chance.random() < PLACE_OF_BIRTH else None,
        email_address=e_mail(who.given_name, family_name, chance) if chance.random() < E_MAIL else None,
        nationality=_nationality(who.population, chance) if chance.random() < NATIONALITY else None,
        scottish_candidate_number=_scottish_number(area.region, chance),
        other_verification_description=one_of(_EVIDENCE, chance) if verification == "999" else None,
        notes=f"{INVENTED} {one_of(_NOTES, chance)}" if chance.random() < NOTES else INVENTED,
    )


def written(post_code: str, chance: Random) -> str:
    """Give a postcode as somebody wrote it: seldom without its space, in lower case, or as unknown."""
    draw = chance.random()
    if draw > POST_CODE_UNKNOWN + POST_CODE_WRITTEN_OTHERWISE:
        return post_code
    if draw < POST_CODE_UNKNOWN:
        return "ZZ99 9ZZ"
    return post_code.lower() if chance.random() < 0.5 else post_code.replace(" ", "")  # noqa: PLR2004  # half of them


def e_mail(given_name: str, family_name: str, chance: Random) -> str:
    """Give an address at example.com, which belongs to nobody."""
    return f"{normalise(given_name)}.{normalise(family_name)}{between(1, 9999, chance)}@example.com"


def later(first: datetime, until: datetime, chance: Random) -> datetime:
    """Give a moment between two, to the second."""
    return first + timedelta(seconds=int(chance.random() * (until - first).total_seconds()))


def _family_names(who: Who, age: int, chance: Random) -> tuple[str, str | None, str | None]:
    """Give the family name, the previous one, and the one at age 16."""
    names = names_of(who.population)
    from_birth = names.borne_by(who.sex, who.family_name)
    if who.sex == FEMALE and age >= _MARRIED_FROM and chance.random() < MARRIED_NAME:
        return names.borne_by(FEMALE, names.family(chance)), from_birth, from_birth
    return from_birth, None, from_birth if age >= _SIXTEEN and chance.random() < NAME_AT_16 else None


def _changes(registered: datetime, until: datetime, chance: Random) -> tuple[int, datetime]:
    """Give the version, and when it was reached: half as many have one change more."""
    if chance.random() >= CHANGED:
        return 1, registered
    version = 2
    while chance.random() < 0.5:  # noqa: PLR2004  # half as many
        version += 1
    return version, later(registered, until, chance)


def _title(sex: Sex, age: int, chance: Random) -> str:
    draw = chance.random()
    if draw < 0.01:  # noqa: PLR2004  # one in a hundred
        return "Dr" if age >= _GROWN else "Mx"
    if sex == MALE:
        return "Mr"
    return one_of(("Mrs", "Ms", "Miss"), chance) if age >= _GROWN else "Miss"


def _middle_name(who: Who, chance: Random) -> str | None:
    name = names_of(who.population).given_names(who.sex, who.born.year)(chance)
    return None if name == who.given_name else name


def _preferred_name(given_name: str, chance: Random) -> str | None:
    short = SHORT_FORMS.get(given_name)
    return short if short and chance.random() < PREFERRED_NAME else None


def _school(chance: Random) -> str:
    return one_of(_SCHOOLS, chance).format(areas()(chance).town)


def _place_of_birth(who: Who, chance: Random) -> str:
    abroad = _ABROAD.get(who.population)
    if abroad and chance.random() < _BORN_ABROAD:
        return one_of(abroad[1], chance)
    return who.home.place.area.town if chance.random() < 0.7 else areas()(chance).town  # noqa: PLR2004  # most stay


def _nationality(population: Population, chance: Random) -> str:
    abroad = _ABROAD.get(population)
    return abroad[0] if abroad and chance.random() < _BORN_ABROAD else "GBR"


def _scottish_number(region: Region, chance: Random) -> str | None:
    if region is not Region.SCOTLAND or chance.random() >= SCOTTISH_NUMBER:
        return None
    return f"{between(0, 999_999_999, chance):09}"
