"""A change is written down, and overwrites nobody else's."""
