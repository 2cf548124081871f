"""The comments app at the desk: the moderation queue, and the stock pages of its records."""

from comments.admin.records import CommentAdmin, DecisionAdmin
from comments.admin.rulebook import RuleBookAdmin
from comments.admin.threads import ThreadAdmin, ThreadInline
from comments.admin.words import WatchedWordAdmin

__all__ = ["CommentAdmin", "DecisionAdmin", "RuleBookAdmin", "ThreadAdmin", "ThreadInline", "WatchedWordAdmin"]
