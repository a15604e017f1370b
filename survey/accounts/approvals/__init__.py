"""Two people: what one proposes, another confirms, where a province asks for it."""
