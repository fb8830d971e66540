import subprocess
import sys


def test_opening_snapshots_does_not_load_the_compiler() -> None:
    code = "import sys, graph_service.snapshots; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
