"""Arrays that nobody asks of now, compressed beside their manifest; whoever opens one unpacks it first.

A file `NAME.npy` becomes `NAME.npy.zst` (Zstandard) and back, each under a temporary name until it is whole, and only then does
the other go: a crash leaves both, and the plain one counts.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Literal, cast

from graph_service.domain.errors import StoreError

SUFFIX = ".zst"
CODEC: Literal["zstd"] = "zstd"
PIECE = 1 << 20


def packed(path: Path) -> Path:
    """Where a file stands when it is packed."""
    return path.with_name(path.name + SUFFIX)


def pack(path: Path) -> None:
    """Compress a file, and remove it when that is on disk. Who has it mapped keeps it. Raises StoreError."""
    import pyarrow as pa  # noqa: PLC0415  (loads slowly)

    def compress(draft: Path) -> None:
        with path.open("rb") as source, pa.CompressedOutputStream(str(draft), CODEC) as out:
            shutil.copyfileobj(source, out, PIECE)

    if path.exists():
        _put(packed(path), compress)
        path.unlink()


def unpack(path: Path) -> None:
    """Bring a packed file back, if it is packed; several processes may do so at once. Raises StoreError."""

    def restore(draft: Path) -> None:
        with opened(path) as source, draft.open("wb") as out:
            shutil.copyfileobj(source, out, PIECE)

    if not path.exists() and packed(path).exists():
        _put(path, restore)
        packed(path).unlink(missing_ok=True)


def opened(path: Path) -> IO[Any]:
    """The content of a file, packed or not, to be read through once. Raises OSError."""
    if path.exists():
        return path.open("rb")
    import pyarrow as pa  # noqa: PLC0415  (loads slowly)

    return cast("IO[Any]", pa.CompressedInputStream(pa.OSFile(str(packed(path)), "rb"), CODEC))


def checksum(path: Path) -> str:
    """SHA-256 of a file's content, packed or not. Raises OSError."""
    found = hashlib.sha256()
    with opened(path) as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def _put(path: Path, write: Callable[[Path], None]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        why = os.strerror(error.errno) if error.errno else "its content is damaged"
        raise StoreError(
            f"'{path}' cannot be written ({why}); make room, or remove its folder and refresh."
        ) from error
