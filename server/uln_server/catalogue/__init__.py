"""Qualifications and units: what can be awarded, by whom, when and with which grade (domain §9)."""
