"""Records of the articles app."""

from articles.models.address import FormerAddress
from articles.models.article import Article, ArticleTopic, Byline, Milestone, Source
from articles.models.people import Contributor
from articles.models.publication import (
    FAR_FUTURE,
    Publication,
    PublicationByline,
    PublicationRef,
    PublicationTopic,
)
from articles.models.revision import Revision
from articles.models.taxonomy import Section, Topic

__all__ = [
    "FAR_FUTURE",
    "Article",
    "ArticleTopic",
    "Byline",
    "Contributor",
    "FormerAddress",
    "Milestone",
    "Publication",
    "PublicationByline",
    "PublicationRef",
    "PublicationTopic",
    "Revision",
    "Section",
    "Source",
    "Topic",
]
