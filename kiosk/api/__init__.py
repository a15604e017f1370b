"""What devices talk to: pairing, configuration, answers, heartbeat."""
