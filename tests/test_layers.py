import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def layered_modules() -> set[str]:
    layers = next(contract["layers"] for contract in CONTRACTS if contract["id"] == "layers")
    return {name for layer in layers for name in re.findall(r"[\w.]+", layer)}


def test_every_module_has_its_place_in_the_layers() -> None:
    sources = {
        path.stem for path in (ROOT / "graph_service").iterdir() if path.suffix == ".py" or path.is_dir()
    }
    modules = {f"graph_service.{name}" for name in sources - {"__init__", "__pycache__"}}
    assert modules <= layered_modules()
