"""TEMP."""


def mask_name(name: str) -> str:
    """Masked."""
    return name[:1] + "*"


def mask_list_of_names(text: str) -> str:
    """Masked."""
    return text[:1] + "*"


def mask_names_in(text: str, names: tuple[str, ...]) -> str:
    """Masked."""
    for n in names:
        text = text.replace(n, mask_name(n))
    return text
