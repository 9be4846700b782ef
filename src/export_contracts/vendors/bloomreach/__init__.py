"""Bloomreach Engagement."""
