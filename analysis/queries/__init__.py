"""All SQL of analysis: rows and tallies to cells. No judgement here."""
