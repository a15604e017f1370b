"""Due reports: planned from the calendar, made once, mailed to each address, with retries that are seen."""
