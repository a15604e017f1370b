"""Closing and publishing periods; the public results and their open data."""
