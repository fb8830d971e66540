"""What can go wrong, in the words of the domain.

Every message is one sentence: what is wrong, where, and what to do. None carries a person's name or number.
`exit_code` is what the command line answers: 1 refused or failed, 2 a wrong call.
"""


class CreditGraphError(Exception):
    """Base of every error that this program raises on purpose."""

    exit_code = 1


class WrongCall(CreditGraphError):
    """The call itself is wrong: an option, a path, a template's name, a key."""

    exit_code = 2


class MissingPath(WrongCall):
    """A file or folder that does not exist."""


class UnknownTemplate(WrongCall):
    """No template has this name, and no file stands at this path."""


class WrongPersonKey(WrongCall):
    """The person key is missing or is not the one that this store was filled with."""


class NotAvailable(WrongCall):
    """A call that this installation cannot answer, such as an unmasked look-up without an audit log."""


class UnknownEntity(CreditGraphError):
    """No entity has this id, code or name."""


class AmbiguousEntity(CreditGraphError):
    """A name or alias that several entities bear; `candidates` are their ids."""

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


class UnknownFinding(CreditGraphError):
    """No finding has this id now, or nobody marked it."""


class UnknownBatch(CreditGraphError):
    """No delivery has this key."""


class NoSnapshot(CreditGraphError):
    """A snapshot was asked for that does not exist."""


class DeliveryRefused(CreditGraphError):
    """A delivery that was not loaded; nothing of it is visible."""


class UnreadableFile(DeliveryRefused):
    """An empty, damaged or undecodable file."""


class TemplateMismatch(DeliveryRefused):
    """A file that does not fit the template: a column is missing or stands twice, or another template fits better."""


class BatchConflict(DeliveryRefused):
    """A batch key that was used before for other content."""


class TooManyRejects(DeliveryRefused):
    """More rows rejected than allowed."""


class EndsTooMuch(DeliveryRefused):
    """A snapshot delivery that would end more than 20 % of its scope."""


class TemplateError(CreditGraphError):
    """A template with a mistake; the message names the line and the field."""


class RulesError(CreditGraphError):
    """A rules file with a mistake; the message names file, entry and field."""


class AuditError(CreditGraphError):
    """The audit log cannot be written, or is damaged; what depends on it is not answered."""


class StoreError(CreditGraphError):
    """The store cannot be used: not ours, too old or new, read-only, full, broken."""


class StoreBusy(StoreError):
    """Another process is writing."""
