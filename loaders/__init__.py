"""From delivered files to checked facts: templates, reading, checks, identity, reports."""
