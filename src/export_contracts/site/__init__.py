"""The contract as a static site that people cite: built from `specs/` alone. Judges nothing, sends nothing."""
