"""Records of the articles app."""

from articles.models.address import FormerAddress
from articles.models.article import Article, ArticleKind, ArticleTopic, Byline, DeskState, Milestone, Source
from articles.models.media import Image, Rendition
from articles.models.notice import Notice
from articles.models.page import Page, PageRevision
from articles.models.people import Contributor, SectionEditor
from articles.models.publication import (
    FAR_FUTURE,
    Publication,
    PublicationByline,
    PublicationRef,
    PublicationTopic,
)
from articles.models.reply import ReplyRequest
from articles.models.revision import Revision
from articles.models.search import SearchEntry
from articles.models.taxonomy import Section, Topic, TopicFact, TopicMilestone
from articles.models.visits import Visits

__all__ = [
    "FAR_FUTURE",
    "Article",
    "ArticleKind",
    "ArticleTopic",
    "Byline",
    "Contributor",
    "DeskState",
    "FormerAddress",
    "Image",
    "Milestone",
    "Notice",
    "Page",
    "PageRevision",
    "Publication",
    "PublicationByline",
    "PublicationRef",
    "PublicationTopic",
    "Rendition",
    "ReplyRequest",
    "Revision",
    "SearchEntry",
    "Section",
    "SectionEditor",
    "Source",
    "Topic",
    "TopicFact",
    "TopicMilestone",
    "Visits",
]
