"""The desk's pages of the registry: agencies, services, counters, caseloads, and their files."""
