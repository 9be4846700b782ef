"""Checks particular to Braze."""
