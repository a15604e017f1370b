"""What deserves a second look, found by rules, explained and closed by people."""
