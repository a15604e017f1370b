"""The database, SQLite and PostgreSQL alike: engine, transactions, statements, outages."""
