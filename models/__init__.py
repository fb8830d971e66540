"""The risk-warning model: features, training, evaluation, explanation."""
