"""The command line, the only place that writes to standard output."""
