"""APSIS One."""
