"""The shell at /kiosk/: its page, its files, its texts."""
