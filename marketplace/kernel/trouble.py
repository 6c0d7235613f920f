"""Failures of the machine, not of the program: the database is away for a moment, or nothing more can be stored."""

import errno
from enum import StrEnum

from django.db import InterfaceError, OperationalError

DISK_FULL = "53100"  # PostgreSQL's code
NOT_STORED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


class Trouble(StrEnum):
    """AWAY: the database does not answer now, and will again. FULL: a disk is full or read-only, and somebody has to see to it."""

    AWAY = "away"
    FULL = "full"


def trouble_of(failure: BaseException | None) -> Trouble | None:
    """What kind of trouble this failure tells of; None for one of our own."""
    if isinstance(failure, OSError):
        return Trouble.FULL if failure.errno in NOT_STORED else None
    if isinstance(failure, OperationalError | InterfaceError):
        return Trouble.FULL if getattr(failure.__cause__, "pgcode", None) == DISK_FULL else Trouble.AWAY
    return None
