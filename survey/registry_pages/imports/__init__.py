"""Importing at the desk: upload, questions the file leaves open, preview, confirmation."""
