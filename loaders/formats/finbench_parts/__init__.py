"""What each file of a FinBench folder means, as templates."""
