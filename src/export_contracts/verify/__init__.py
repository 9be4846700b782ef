"""The door 'verify': delivered exports of any size."""
