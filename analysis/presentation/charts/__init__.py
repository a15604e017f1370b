"""One drawing of every chart, for pages, documents and downloads."""
