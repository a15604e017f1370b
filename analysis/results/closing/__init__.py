"""Closing and publishing a period: what to know before, the change itself, pages and commands."""
