"""What desk, documents, results and exports share: phrases, charts, scope and selection, JSON of figures."""
