"""An organisation's own list of awards held against what the register has of it, and put right (domain §9) [O].

All of its rules are ours: no operation for it, and no list of an organisation's own, is published.
"""
