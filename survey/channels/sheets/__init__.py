"""What is printed for counters: posters, cards, table tents and slips, each with the code that leads to the form."""
