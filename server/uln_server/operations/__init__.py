"""One file an operation: request, rule, reply; no XML, no HTTP, no SQL."""
