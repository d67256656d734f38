"""Whole files: checked, sent as jobs, followed, and given back with what became of each row (domain §8)."""
