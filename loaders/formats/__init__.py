"""Open data sets that are nested or span several files."""
