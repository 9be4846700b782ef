"""The strict reference server: clock, world, serving, delivery. Knows no clause and no check."""
