"""Improvement measures, with what was measured before and after."""
