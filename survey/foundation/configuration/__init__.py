"""Settings: read from the environment and its file, checked at the start."""
