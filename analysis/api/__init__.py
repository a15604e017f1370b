"""The interface for programs: published figures as JSON, described by OpenAPI."""
