"""Caseloads at the desk: who owes which month, an agency's month as a grid, confirming it."""
