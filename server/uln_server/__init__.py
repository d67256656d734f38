"""ULN Interchange: the service."""
