"""The parts of a report, in the order of its pages: each turns a brief into blocks of the document."""
