"""Credit graph: who hangs together with whom, which of them are listed, and how we know."""
