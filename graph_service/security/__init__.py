"""Masking, keyed hashes of persons, and later roles and the audit chain."""
