"""Checks particular to Adobe's export jobs."""
