"""Records of the comments app."""

from comments.models.bulk import Bulk
from comments.models.comment import Comment, Status
from comments.models.decision import Decision
from comments.models.reason import RejectReason
from comments.models.rule import WatchedWord
from comments.models.rulebook import RuleBook
from comments.models.thread import Thread
from comments.models.view import SavedView

__all__ = ["Bulk", "Comment", "Decision", "RejectReason", "RuleBook", "SavedView", "Status", "Thread", "WatchedWord"]
