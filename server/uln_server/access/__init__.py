"""Who may call: organisations, agreements, credentials, opening hours, audit entries. Pure."""
