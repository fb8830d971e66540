"""What protects natural persons: masking of names, numbers and telephones."""

from graph_service.security.masking import (
    mask_digits,
    mask_id_number,
    mask_list_of_names,
    mask_name,
    mask_names_in,
    mask_party,
    mask_phone,
    mask_row,
)

__all__ = [
    "mask_digits",
    "mask_id_number",
    "mask_list_of_names",
    "mask_name",
    "mask_names_in",
    "mask_party",
    "mask_phone",
    "mask_row",
]
