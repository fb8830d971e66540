"""Pure algorithms on flat arrays: arrays in, arrays or findings out."""
