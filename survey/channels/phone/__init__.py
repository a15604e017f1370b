"""Answers by telephone: a list of dossiers, calls with their outcomes, the questionnaire typed while one listens."""
