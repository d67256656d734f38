"""What a request must survive before anyone trusts it: HTTP, limits, XML, envelope, schema, identity."""
