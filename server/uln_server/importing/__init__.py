"""Taking a file of existing learners, with their ULNs, into a register (domain §2, §3, §6)."""
