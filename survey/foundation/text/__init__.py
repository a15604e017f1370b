"""What people write: Vietnamese letters made one, damaged and old encodings recognised."""
