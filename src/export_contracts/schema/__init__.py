"""JSON Schema and OpenAPI, compiled once into validators and operation tables; no clause is known here."""
