"""What the published figures come from, one command each."""
