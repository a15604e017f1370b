"""The fault harness: real Chromium, a real server process, a proxy between them, and everything that can go wrong.

Used by tests/kiosk/test_faults.py (short) and benchmarks/kiosk_faults.py (long).
"""
