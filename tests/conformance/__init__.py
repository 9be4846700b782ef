"""The suite as plain pytest; installed, it is `pytest --pyargs export_contracts.conformance`."""
