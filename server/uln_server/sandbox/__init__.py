"""The sandbox: a register with fixed, documented content for developing against (``docs/sandbox.md``)."""
