"""The suite as plain pytest: options, fixtures and the items of `tests/conformance`."""
