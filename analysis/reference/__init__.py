"""Official figures of others beside ours: another method, shown apart and never averaged with ours."""
