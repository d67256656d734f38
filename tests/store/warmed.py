"""Imported where the tests' servers are forked from: what each would build anew, in a second of a core's time."""

from uln_contract import schema

schema.prepare_explanations("2014", "external", "r9", "reconciliation")
