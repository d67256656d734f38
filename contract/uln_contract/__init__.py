"""What the interchange and its clients share: the wire contract, its codes, and the rules of names and ULNs."""
