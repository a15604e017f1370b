"""The country's figures for people: kept by a job, shown to whoever holds the country, published, as pages and a PDF.

It reads what the archives of the provinces say (`analysis.country`) and nothing of any province's database.
"""
