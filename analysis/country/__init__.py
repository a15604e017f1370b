"""A country's figures from the archives of its provinces: an engine counts, each province is estimated as at home."""
