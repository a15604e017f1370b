"""Accounts, roles with scopes, the one permission decision, the audit log."""
