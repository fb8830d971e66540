"""How files become text tables: bytes to lines, lines to records, records to DuckDB, nothing lost in silence.

One small file for each step. `loaders.reader` is the door; nothing outside it imports from here.
Nothing is written to disk: bytes are decoded, cut and parsed in memory, a few blocks at a time.
"""
