"""Batch files read, checked, put right and written, for both sides (domain §8)."""
