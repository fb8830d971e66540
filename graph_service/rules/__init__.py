"""Dated configuration with citations: record kinds, code tables, thresholds, hubs."""
