"""Legal targets with their documents, and which of them speaks for which year."""
