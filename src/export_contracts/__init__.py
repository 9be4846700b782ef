"""An executable contract for customer-segment export APIs."""
