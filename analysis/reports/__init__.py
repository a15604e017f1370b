"""Documents for each recipient of the law: made at need or in time, archived, delivered."""
