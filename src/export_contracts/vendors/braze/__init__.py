"""Braze."""
