"""Where facts live: the port, and the engines behind it."""
