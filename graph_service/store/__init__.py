"""Where facts live: the port in domain words, and the engines behind it."""
