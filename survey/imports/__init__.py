"""Files that offices send: read, checked whole, and taken in all or not at all."""
