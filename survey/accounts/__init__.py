"""Accounts, roles with scopes, the one permission decision, approvals, the audit log's pages."""
