"""This vendor needs no check of its own."""
