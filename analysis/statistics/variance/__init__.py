"""How much an estimate may vary: design, linearised values, variances, effective sizes, coverage."""
