"""How an operator says in which form replies are written for one organisation."""

from enum import StrEnum

from uln_server.access.organisation import Organisation


class Form(StrEnum):
    """A choice of an organisation's own, or what the address it calls does for all (``docs/settings.md``)."""

    YES = "yes"
    NO = "no"
    DEFAULT = "default"

    @property
    def qualified(self) -> bool | None:
        """The choice as an organisation holds it."""
        return {Form.YES: True, Form.NO: False, Form.DEFAULT: None}[self]

    @classmethod
    def of(cls, qualified: bool | None) -> "Form":  # noqa: FBT001  # the one value there is to convert
        """Name a choice that an organisation holds."""
        return cls.DEFAULT if qualified is None else cls.YES if qualified else cls.NO


def forms_of(organisation: Organisation) -> str:
    """Say in which form replies are written for an organisation."""
    fault, linked = Form.of(organisation.fault_qualified), Form.of(organisation.linked_ulns_qualified)
    return f"fault-qualified {fault}, linked-ulns-qualified {linked}"
