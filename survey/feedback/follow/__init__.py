"""What whoever holds a follow code sees and does: the answer, a verdict on it, how to be reached."""
