"""Files of agencies, services, counters and caseloads: read, checked whole, and taken in all or not at all."""
