"""One package for each vendor, holding all that is particular to it; vendors never import vendors."""
