"""Who may call, and how often: organisations, agreements, credentials, hours, rates, audit entries. Pure."""
