"""Credit graph: who hangs together with whom, which of them are listed, and how we know."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph_service.credit_graph import CreditGraph

__all__ = ["CreditGraph"]


def __getattr__(name: str) -> Any:
    """`CreditGraph`, imported when it is first asked for, so that a part of the package stays cheap to import."""
    if name == "CreditGraph":
        from graph_service.credit_graph import CreditGraph  # noqa: PLC0415  (this is the point)

        return CreditGraph
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
