"""The reference client of ULN Interchange, for awarding organisations."""
