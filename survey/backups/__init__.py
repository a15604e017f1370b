"""One portable backup for both databases: a zip of JSON lines per table that says itself what its columns hold."""
