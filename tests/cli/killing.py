"""A real `credit-graph load` in a process of its own, cut off by the kernel at a chosen place."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from graph_service.domain.identifiers import DEMO_PERSON_KEY

# Runs the command line; SIGKILL before the SQLite statement with a given number, or the kernel's own kill in the middle
# of the write that takes a file beyond a given size. Without either, the statements are written down, and the size of the
# log at each commit.
_PROGRAM = """
import os, resource, signal, sqlite3, sys
at, size, told, kills = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4] == "True"
said, log = [], sys.argv[6].removeprefix("sqlite:///") + "-wal"
def count(sql):
    said.append(sql.split()[0] if sql.split() else "")
    if said[-1] == "COMMIT":
        said[-1] += f" {os.path.getsize(log)}"
    if len(said) == at:
        os.kill(os.getpid(), signal.SIGKILL)
connect = sqlite3.connect
def counted(*given, **more):
    db = connect(*given, **more)
    db.set_trace_callback(count)
    return db
sqlite3.connect = counted
if size:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if kills else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from graph_service.cli.failures import run_guarded
from graph_service.cli.main import program
code = run_guarded(lambda: program.main(sys.argv[5:], prog_name="credit-graph", standalone_mode=False))
with open(told, "w") as file:
    file.write("\\n".join(said))
os._exit(code)
"""


@dataclass(frozen=True)
class Kill:
    """Where a load is cut off: before which statement, or at which size of a file; 0: not by this.

    Without `kills` the system only refuses the write.
    """

    statement: int = 0
    size: int = 0
    kills: bool = True


def load_until(kill: Kill, database: Path, files: list[Path], told: Path) -> int:
    """Load files; the exit status, negative for the signal that ended the process."""
    arguments = [
        sys.executable,
        "-c",
        _PROGRAM,
        str(kill.statement),
        str(kill.size),
        str(told),
        str(kill.kills),
    ]
    call = ["--store", f"sqlite:///{database}", "load", *map(str, files), "--max-rejects", "0.5"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("CREDIT_GRAPH_")}
    ran = subprocess.run(
        [*arguments, *call],
        env=env | {"CREDIT_GRAPH_PERSON_KEY": DEMO_PERSON_KEY.decode()},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return ran.returncode


def was_killed(status: int) -> bool:
    """Whether the process had no chance to tidy up."""
    return status in {-signal.SIGKILL, -signal.SIGXFSZ}


def copied(database: Path, folder: Path) -> Path:
    """A copy of a closed store in a folder of its own."""
    folder.mkdir()
    return Path(shutil.copy(database, folder / "store.db"))
