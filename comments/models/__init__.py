"""Records of the comments app."""

from comments.models.comment import Comment, Status
from comments.models.decision import Decision
from comments.models.reason import RejectReason
from comments.models.rule import WatchedWord
from comments.models.thread import Thread

__all__ = ["Comment", "Decision", "RejectReason", "Status", "Thread", "WatchedWord"]
