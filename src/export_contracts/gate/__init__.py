"""The door 'gate': judges the traffic of somebody else's client."""
