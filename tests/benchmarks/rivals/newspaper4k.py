"""newspaper4k as its documentation has it for many articles: `fetch_news` with threads, the language given.

newspaper4k.py FEEDS OUTPUT    a feed's address a line; writes {url, title, body} a line
"""

import json
import sys

import feedparser
from newspaper import Article, Config
from newspaper.mthreading import fetch_news

THREADS = 10


def main() -> None:
    feeds, output = sys.argv[1:]
    with open(feeds, encoding="utf-8") as lines:
        links = [entry.link for feed in lines.read().split() for entry in feedparser.parse(feed).entries]
    config = Config()
    config.language, config.fetch_images, config.memorize_articles = "ar", False, False
    articles = fetch_news([Article(link, config=config) for link in links], threads=THREADS)
    with open(output, "w", encoding="utf-8") as out:
        for article in articles:
            if not article.is_parsed:
                article.parse()
            if article.text:
                found = {"url": article.url, "title": article.title, "body": article.text}
                out.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
