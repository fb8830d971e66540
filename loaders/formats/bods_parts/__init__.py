"""How statements of the Beneficial Ownership Data Standard become facts."""
