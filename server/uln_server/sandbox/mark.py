"""The mark of a learner that a sandbox was filled with (domain §2) [O]."""

INVENTED = "Invented for a sandbox."
"""How its Notes begin; a production register refuses to take such a record in."""
