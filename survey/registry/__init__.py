"""What exists: provinces, agencies over time, services, counters, caseloads; no page and no permission."""
