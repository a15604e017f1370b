"""Detectors with a stated false-alarm rate."""
