"""Languages as packs: texts, sounds and who vouches for them, from outside the program (docs/languages.md).

reading (folder or archive → files) → manifest and texts → checking (what is missing, what is wrong) → service (stored,
taken away) → `installed` (what citizens' pages and kiosks are given).
"""
