"""The serving process: how it starts, what it logs, counts and says of its health."""
