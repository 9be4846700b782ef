"""The door 'drift': what changed, in traffic, between editions, in documents."""
