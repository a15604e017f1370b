"""What comments are about: a small dictionary as data, counted by rule, never by a guess."""
