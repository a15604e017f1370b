"""What is published of a period: the tables, rounded and jointly hidden, and how they are said."""
