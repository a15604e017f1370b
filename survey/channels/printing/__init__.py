"""Files to print that no request waits for: made by a process of their own, for whoever asked."""
