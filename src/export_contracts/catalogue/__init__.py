"""Reads `specs/`: strict YAML, vendor manifests, clauses, dates. Judges nothing and sends nothing."""
