"""What traffic is sent to: live, embedded or replayed, and the stage on which scenarios play."""
