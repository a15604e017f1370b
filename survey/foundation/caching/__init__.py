"""What is remembered, for a transaction, an object or a process (docs/decisions/0016-remembering.md)."""
