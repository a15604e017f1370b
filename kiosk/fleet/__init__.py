"""The fleet at the desk: every kiosk, how it is, and what may be done with it."""
