"""What an office itself adds to its reports: its own words, number and dates, and the decision they rest on."""
