"""The agencies of a province for the public: found, listed, each with what was published, two beside each other."""
