"""ExternalService, as its WSDL declares it: one method an operation that this service carries out."""

from spyne import ServiceBase


class ExternalService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """Achievements over SOAP; the methods have the contract's names."""
