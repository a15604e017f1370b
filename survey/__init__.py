"""Asking: whom, where, what, and how an answer gets in."""
