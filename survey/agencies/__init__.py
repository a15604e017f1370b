"""Provinces and agencies that change over time, their services, counters and caseloads."""
