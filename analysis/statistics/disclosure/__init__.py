"""What may be shown: primary and complementary suppression."""
