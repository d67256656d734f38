"""Jobs: what is submitted at once and worked off row by row afterwards (pure)."""
