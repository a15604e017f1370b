"""What every command of the program shares: problems, progress, files, work behind a page."""
