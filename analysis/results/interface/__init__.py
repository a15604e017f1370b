"""The interface for programs: published figures and targets as JSON."""
