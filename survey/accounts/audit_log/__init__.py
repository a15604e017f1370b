"""The audit log as people read it: objects, fields, values and pages."""
