"""The terminal at a counter: pairing, the shell, sync, the fleet."""
