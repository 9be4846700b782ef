"""Reads and writes recorded traffic: vcrpy cassettes, HAR, redaction. Judges nothing."""
