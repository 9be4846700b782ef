"""The door 'check': runs scenarios and generated cases, judges them, proves clauses by mutants."""
