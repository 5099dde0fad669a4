"""A Scrapy spider that reads the feeds and gives each page to trafilatura. Pauses are off; robots.txt is obeyed.

scrapy_trafilatura.py FEEDS OUTPUT    a feed's address a line; writes {url, title, body} a line
"""

import sys

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess

SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class FeedSpider(scrapy.Spider):
    name = "feeds"

    def parse(self, response):
        response.selector.remove_namespaces()
        links = response.xpath("//item/link/text() | //entry/link[@rel='alternate']/@href").getall()
        for link in links:
            yield response.follow(link.strip(), self.parse_page)

    def parse_page(self, response):
        document = trafilatura.bare_extraction(response.body, url=response.url, include_comments=False)
        if document and document.text:
            yield {"url": response.url, "title": document.title, "body": document.text}


def main() -> None:
    feeds, output = sys.argv[1:]
    with open(feeds, encoding="utf-8") as lines:
        urls = lines.read().split()
    process = CrawlerProcess(SETTINGS | {"FEEDS": {output: {"format": "jsonlines", "encoding": "utf-8"}}})
    process.crawl(FeedSpider, start_urls=urls)
    process.start()


if __name__ == "__main__":
    main()
