"""Pages for paper through Typst: what documents, posters and paper forms share."""
