"""The columns that are added to a file when it is given back with what became of each row (domain §8) [O]."""

OUTCOME, CODE, REASON, REMEDY, CURRENT_ULN = "Outcome", "Code", "Reason", "Remedy", "CurrentULN"
ANSWER_COLUMNS = (OUTCOME, CODE, REASON, REMEDY, CURRENT_ULN)
"""In the order in which they are added.

A file that has them is read as if it had them not, and nothing is said of it: rows that were given back to be
corrected can be sent again as they are.
"""
