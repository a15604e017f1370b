"""The one service from a question to estimates and verdicts."""
