"""A province's promises over the years: figures, words and pictures."""
