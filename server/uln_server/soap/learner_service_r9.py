"""LearnerServiceR9, as its WSDL declares it: one method an operation that this service carries out."""

from spyne import ServiceBase


class LearnerServiceR9(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """The Personal Learning Record over SOAP; the methods have the contract's names."""
