"""One place each for settings, database, clock, identifiers, headers, language and formatting."""
