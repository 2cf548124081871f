"""Records of the articles app."""

from articles.models.address import FormerAddress
from articles.models.article import Article, ArticleKind, ArticleTopic, Byline, DeskState, Milestone, Source
from articles.models.media import Image, Rendition
from articles.models.people import Contributor
from articles.models.publication import (
    FAR_FUTURE,
    Publication,
    PublicationByline,
    PublicationRef,
    PublicationTopic,
)
from articles.models.revision import Revision
from articles.models.taxonomy import Section, Topic, TopicFact, TopicMilestone

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
    "Publication",
    "PublicationByline",
    "PublicationRef",
    "PublicationTopic",
    "Rendition",
    "Revision",
    "Section",
    "Source",
    "Topic",
    "TopicFact",
    "TopicMilestone",
]
