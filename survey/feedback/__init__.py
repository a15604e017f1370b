"""Comments that need an answer: who wrote one may ask for a reply and follow it by a code, without a name."""
