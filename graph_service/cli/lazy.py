"""A click group that imports a command only when it is called, so that `--help` and `search` start fast."""

from collections.abc import Mapping
from importlib import import_module

import click

# Command -> (module in this package, attribute, one line of help). The help stands here so that the list of
# commands needs no import; a test compares it with each command's own.
Commands = Mapping[str, tuple[str, str, str]]


class LazyGroup(click.Group):
    """Group over a table of commands."""

    def __init__(self, *args: object, commands_table: Commands, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._table = commands_table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The commands, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (click's signature)
        """The command of this name, imported now."""
        if cmd_name not in self._table:
            return None
        module, attribute, _ = self._table[cmd_name]
        command = getattr(import_module(f"graph_service.cli.{module}"), attribute)
        assert isinstance(command, click.Command)  # noqa: S101  (the table is ours; narrows the type)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands with their help, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in self._table.items()])
