"""This vendor needs no mutant class."""
