"""From counts and known totals to weighted cells, the one input of every estimate."""
