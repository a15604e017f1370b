"""From a document's model to a file: PDF, Word, HTML; none of them computes a figure."""
