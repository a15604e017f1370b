"""Kiosk devices as both sides need them: key, counter held, last contact, queue depth."""
