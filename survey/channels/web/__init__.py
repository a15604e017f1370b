"""The pages behind a QR code, and the posters that carry it."""
