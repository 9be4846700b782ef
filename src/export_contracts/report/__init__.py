"""One canonical results document, rendered many ways. Judges nothing."""
