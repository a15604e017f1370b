"""A province's finished months as Parquet files, for whoever counts a country: written here, read and checked here."""
