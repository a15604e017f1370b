"""Selections that somebody keeps by a name, to look at them again: one's own alone."""
