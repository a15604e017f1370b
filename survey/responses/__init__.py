"""The one door: check, deduplicate, store, count - for QR form, kiosk, paper and import alike."""
