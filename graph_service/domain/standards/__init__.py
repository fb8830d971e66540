"""Words of open standards for ownership data and what they mean here: shared by those who read and who write them."""
