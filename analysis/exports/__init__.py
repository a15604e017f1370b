"""Files for other programs: estimates, tallies and anonymised responses as CSV and XLSX, each with its dictionary."""
