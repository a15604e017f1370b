"""Digests and seals with the server's key, and limits on attempts."""
