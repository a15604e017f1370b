"""Which language a page speaks, and those that packs bring."""
