"""Records of invented articles, tagged by the tagger."""

from dataclasses import replace

from transforms.elements import Article
from transforms.json_values import parse_time
from transforms.record_format import record_to_json
from transforms.web.text import content_hash
from transforms.work import tag_article

DAY_US = 86_400_000_000
START_US = parse_time("2026-01-10T08:00:00Z")
TITLE = "الحكومة والمعارضة تتفقان على هدنة في حلب"
BODY = (
    "أعلنت الحكومة، اليوم الأحد، هدنة لمدة أسبوع في المدينة القديمة.\n"
    "وقال الوزير سالم الأحمد إن المعارضة ترفض وقف إطلاق النار في الخرطوم.\n"
    "وانتهكت الكتيبة الثالثة الهدنة مساء أمس، بحسب شهود عيان."
)


def make_record(number, *, title=TITLE, body=BODY, published_us=None, **changes):
    """The record of article `number`, published that many days after the first unless told otherwise."""
    url = changes.pop("url", f"https://news.example/ar/{number}")
    when = START_US + number * DAY_US if published_us is None else published_us
    article = Article(
        url=url,
        canonical_url=url,
        feed_url="https://news.example/rss.xml",
        entry_url=url,
        source=changes.pop("source", "مثال"),
        title=title,
        body=body,
        summary=None,
        authors=("س",),
        language="ar",
        language_score=1.0,
        published_us=when,
        published_from="feed",
        fetched_us=when + 60_000_000,
        content_hash=content_hash(f"{title}\n{body}"),
    )
    made = tag_article(article)
    return replace(made, entry_url="", fingerprint="", **changes)  # as it is read back


def write_lines(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(record_to_json(record) + "\n" for record in records), encoding="utf-8")
