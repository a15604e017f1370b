"""Counts of ratings by agency and month: kept beside the stamp they were true at, refreshed when it changes."""
