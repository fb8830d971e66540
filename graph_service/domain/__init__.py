"""The vocabulary: identifiers, entities, relations, records, findings, errors."""
