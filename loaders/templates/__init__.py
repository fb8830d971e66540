"""One declarative file per feed; a new feed is a new file, no code."""
