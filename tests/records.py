"""Records of invented articles, as the pipeline makes them."""

from transforms.elements import Article
from transforms.web.text import content_hash
from transforms.work import tag_article


def make_record(body, n=1, **fields):
    """The tagged record of an article with that body; `n` makes its address."""
    url = f"https://news.example/ar/{n}"
    given = {
        "url": url,
        "canonical_url": url,
        "feed_url": "https://news.example/rss.xml",
        "entry_url": url,
        "source": "مثال",
        "title": "عنوان",
        "body": body,
        "summary": None,
        "authors": (),
        "language": "ar",
        "language_score": 1.0,
        "published_us": 1_700_000_000_000_000,
        "published_from": "feed",
        "fetched_us": 1_700_000_300_000_000,
        "content_hash": content_hash(body),
        **fields,
    }
    return tag_article(Article(**given))
