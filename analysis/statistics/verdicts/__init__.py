"""Whether a target is met, how surely, and what would turn that."""
