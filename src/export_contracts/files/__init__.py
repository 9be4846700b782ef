"""Readers of delivered files, bounded and streaming. Pure functions of bytes."""
