"""Single-use codes printed on dossier receipts."""
