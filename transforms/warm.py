"""What a worker process needs loaded before its first element; imported once by the server that forks them."""

from transforms.arabic import language, tagger
from transforms.web import article_extractor, feed_parser

__all__ = ["article_extractor", "feed_parser", "language", "tagger"]
