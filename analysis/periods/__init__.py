"""Open, closed and published periods, and what arrived after closing."""
