"""news-please as a library, for many articles: `NewsPlease.from_urls`. Its own crawlers need a site's home page.

It looks at a page's images, which lie on the publishers' hosts: all but loopback is sent to a proxy that is not there.

news_please.py FEEDS OUTPUT    a feed's address a line; writes {url, title, body} a line
"""

import json
import os
import sys

import feedparser
from newsplease import NewsPlease


def main() -> None:
    feeds, output = sys.argv[1:]
    with open(feeds, encoding="utf-8") as lines:
        links = [entry.link for feed in lines.read().split() for entry in feedparser.parse(feed).entries]
    os.environ["http_proxy"] = os.environ["https_proxy"] = "http://127.0.0.1:9"
    os.environ["no_proxy"] = "127.0.0.0/8"
    with open(output, "w", encoding="utf-8") as out:
        for url, article in NewsPlease.from_urls(links, request_args={"timeout": 30}).items():
            if article and article.maintext:
                found = {"url": url, "title": article.title, "body": article.maintext}
                out.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
