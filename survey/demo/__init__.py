"""The demonstration: invented agencies, ratings and caseloads for the three real programmes. Deterministic."""
