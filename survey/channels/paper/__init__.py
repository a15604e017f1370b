"""Answers that were given on paper and come in as a file."""
