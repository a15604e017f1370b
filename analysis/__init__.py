"""What the answers say: cells, estimates, verdicts, and the pages and documents that show them."""
