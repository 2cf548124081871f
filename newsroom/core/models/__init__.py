"""Records of the kernel."""

from newsroom.core.models.access import Invitation, StaffSession
from newsroom.core.models.audit import AuditEntry
from newsroom.core.models.operations import (
    AddressKey,
    OutboxMail,
    RateCount,
    SurfaceLog,
    WorkerLease,
)
from newsroom.core.models.user import User

__all__ = [
    "AddressKey",
    "AuditEntry",
    "Invitation",
    "OutboxMail",
    "RateCount",
    "StaffSession",
    "SurfaceLog",
    "User",
    "WorkerLease",
]
