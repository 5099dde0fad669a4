import time

import pytest

from transforms.errors import IngestError
from transforms.web.article_extractor import Extracted, extract_article

URL = "http://akhbar.example/n/1"
TITLE = 'الوزير: "لا هدنة" قبل فتح المعابر'
PARAGRAPHS = [
    "قال وزير الخارجية، يوم الأحد، إن بلاده لن توقع اتفاقا جديدا قبل أن تفتح المعابر أمام قوافل الإغاثة.",
    "وأضاف في مؤتمر صحفي عقده في العاصمة أن الوفد المفاوض سيعود إلى طاولة الحوار مطلع الأسبوع المقبل.",
    "وأشار إلى أن اللجنة المشتركة ستعقد اجتماعها الثالث غدا، وأن نتائجه ستعلن في بيان رسمي يصدر عن الحكومة.",
    "ولم يصدر تعليق من الطرف الآخر على هذه التصريحات حتى ساعة إعداد هذا الخبر، وفق ما ذكرته مصادر محلية.",
]
MENU = "".join(f'<li><a href="/s/{n}">قسم {n}</a></li>' for n in range(30))
TEASERS = "".join(
    f'<div class="card"><a href="/n/{n}">عنوان خبر آخر من الأخبار الأكثر قراءة هذا الأسبوع رقم {n}</a></div>'
    for n in range(20)
)


def page(body: str, *, head: str = "", before: str = "", after: str = "", title: str = TITLE) -> bytes:
    return (
        f'<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>{title} - موقع أخبار</title>{head}</head><body>'
        f'<div class="menu"><ul>{MENU}</ul></div><div class="wrap"><h1>{title}</h1>{before}<div class="share">شارك الخبر فيسبوك</div>'
        f'<div class="txt">{body}</div>{after}<div class="side">{TEASERS}</div></div>'
        '<div class="foot">جميع الحقوق محفوظة لموقع أخبار، ولا يجوز النقل دون إذن.</div></body></html>'
    ).encode()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def extract(content: bytes, content_type: str = "text/html") -> Extracted:
    return extract_article(content, URL, content_type)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_body_and_nothing_but_the_body(count: int) -> None:
    extracted = extract(page(paragraphs(*PARAGRAPHS[:count])))
    assert extracted.body == "\n".join(PARAGRAPHS[:count])
    assert extracted.title == TITLE


def test_a_repeated_paragraph_is_kept() -> None:
    texts = [*PARAGRAPHS, PARAGRAPHS[0]]
    assert extract(page(paragraphs(*texts))).body == "\n".join(texts)


def test_lines_broken_by_br() -> None:
    assert extract(page("<br><br>".join(PARAGRAPHS))).body == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize(
    "layout",
    [
        "<div>{}</div>",
        "<span>{}</span><br>",
        '<div class="para"><p>{}</p></div>',
        '<p>{}</p><div class="ad-slot"><span>إعلان</span></div>',
        "<section><p>{}</p></section>",
    ],
)
def test_other_layouts(layout: str, count: int) -> None:
    assert extract(page("".join(map(layout.format, PARAGRAPHS[:count])))).body == "\n".join(PARAGRAPHS[:count])


def test_text_laid_out_by_a_table() -> None:
    table = f"<table><tr><td>{'<br><br>'.join(PARAGRAPHS)}</td><td><a href=/x>إعلان</a></td></tr></table>"
    assert extract(page(table)).body == "\n".join(PARAGRAPHS)


def test_captions_are_left_out_and_quotes_and_lists_kept() -> None:
    figure = "<figure><img src=a><figcaption>صورة من الأرشيف لقوافل الإغاثة عند المعبر (وكالات)</figcaption></figure>"
    body = f"{figure}<p>{PARAGRAPHS[0]}</p><blockquote>{PARAGRAPHS[1]}</blockquote><ul><li>{PARAGRAPHS[2]}</li></ul>"
    assert extract(page(body)).body == "\n".join(PARAGRAPHS[:3])


def test_title_and_dateline_at_the_head_of_the_body_are_left_out() -> None:
    body = f"<p>{TITLE}</p><p>سياسة 2017/03/02 13:43</p>" + paragraphs(*PARAGRAPHS)
    assert extract(page(body)).body == "\n".join(PARAGRAPHS)


def test_an_agency_dateline_is_text() -> None:
    body = paragraphs("بغداد 10 أغسطس 2015 م", *PARAGRAPHS)
    assert extract(page(body)).body.startswith("بغداد 10 أغسطس 2015 م\n")


def test_related_links_and_comments_are_left_out() -> None:
    body = (
        PARAGRAPHS[0] + '</p><div class="related"><p>اقرأ أيضا: خبر آخر عن المعابر والقوافل التي وصلت أمس.</p></div><p>'
    )
    after = (
        '<div id="comments"><p>تعليق قارئ طويل على الخبر، فيه جمل كثيرة لا صلة لها بما كتبه المحرر في النص.</p></div>'
    )
    content = page(f"<p>{body}{PARAGRAPHS[1]}</p>" + paragraphs(*PARAGRAPHS[2:]), after=after)
    assert extract(content).body == "\n".join(PARAGRAPHS)


def test_text_is_kept_as_published() -> None:
    odd = PARAGRAPHS[0].replace("الأحد", "الأحـد\u200f").replace("لا", "\ufefb").replace("قال", "قا\x00ل")
    extracted = extract(b"\xef\xbb\xbf" + page(paragraphs(odd, *PARAGRAPHS[1:])))
    assert extracted.body.split("\n")[0] == odd.replace("\x00", "")


def test_windows_1256_called_utf_8() -> None:
    content = page(paragraphs(*PARAGRAPHS)).decode().encode("cp1256")
    assert extract(content, "text/html; charset=utf-8").body == "\n".join(PARAGRAPHS)


def test_a_section_front_has_no_body() -> None:
    with pytest.raises(IngestError) as fault:
        extract(page("", title="أخبار السياسة"))
    assert fault.value.reason == "no_body"
    assert URL in fault.value.detail


@pytest.mark.parametrize("content_type", ["text/html", "application/pdf", ""])
@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n" + b"\0" * 500, b"\xff\xd8\xff\xe0" + b"\0" * 500, b"plain words", b'{"a": 1}']
)
def test_what_is_not_html(content: bytes, content_type: str) -> None:
    with pytest.raises(IngestError) as fault:
        extract(content, content_type)
    assert fault.value.reason == "not_html"


@pytest.mark.parametrize("content", [b"", b"\0", b"<", b"<html>", b"<p></p>", "<div>نص</div>".encode(), b"<p" * 1000])
def test_scraps_end_in_a_named_error(content: bytes) -> None:
    with pytest.raises(IngestError):
        extract(content)


@pytest.mark.parametrize(
    ("head", "before", "published"),
    [
        ('<meta property="article:published_time" content="2020-03-08T20:40:00+03:00">', "", 1583689200),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2020-03-08T20:40:00Z"}]}</script>',
            "",
            1583700000,
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle",, "datePublished": "2020-03-08T20:40:00Z"</script>',
            "",
            1583700000,
        ),
        ("", '<time datetime="2020-03-08T20:40:00Z">8 آذار</time>', 1583700000),
        ("", "<div>الأحد، 8 آذار 2020</div>", 1583625600),
        ("", "<div>آخر تحديث: الأحد، 8 آذار 2020 - 14:00</div>", None),
        ("", "<div>8 آذار 2020</div><div>11 نيسان 2021</div>", None),
        ("", "<div>قبل ساعتين</div>", None),
    ],
)
def test_page_dates_are_right_or_none(head: str, before: str, published: int | None) -> None:
    extracted = extract(page(paragraphs(*PARAGRAPHS), head=head, before=before))
    assert extracted.published_us == (None if published is None else published * 1_000_000)


def test_a_date_in_the_text_is_not_the_page_s() -> None:
    assert (
        extract(
            page(paragraphs("وقع الهجوم في 8 آذار 2020 قرب الميناء القديم، وفق ما ذكره شهود عيان.", *PARAGRAPHS))
        ).published_us
        is None
    )


def test_metadata() -> None:
    head = (
        '<link rel="canonical" href="/n/1"><meta property="og:description" content="ملخص &amp;quot;قصير&amp;quot;">'
        '<meta name="author" content="سامي خليل"><meta property="og:title" content="الوزير: لا هدنة قبل فتح المعابر | أخبار">'
    )
    extracted = extract(page(paragraphs(*PARAGRAPHS), head=head))
    assert (extracted.title, extracted.summary) == (TITLE, 'ملخص "قصير"')
    assert (extracted.authors, extracted.canonical) == (("سامي خليل",), "/n/1")


def test_a_title_without_heading_loses_the_site_s_name() -> None:
    content = (
        page(paragraphs(*PARAGRAPHS), title="اتفاق جديد على تبادل الأسرى")
        .replace(b"<h1>", b"<div>")
        .replace(b"</h1>", b"</div>")
    )
    assert extract(content).title == "اتفاق جديد على تبادل الأسرى"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 50_000,
        "<p>" + "<b>" * 20_000 + "x",
        "<a href='" * 50_000,
        "<table><tr><td>" * 5_000,
        "&" * 500_000,
        "<form></form>" * 20_000,
        "<div class=related>" * 240 + "<p>x</p>" * 3_000,
        "<li><a href=x>" * 20_000,
        ("<div>" * 200 + "</div>" * 200) * 200,
    ],
    ids=["deep", "inline", "quotes", "tables", "entities", "forms", "wrappers", "links", "nests"],
)
def test_hostile_markup_ends_in_a_named_error(hostile: str) -> None:
    start = time.process_time()
    with pytest.raises(IngestError) as fault:
        extract(f"<html><body>{hostile}</body></html>".encode())
    assert fault.value.reason in ("no_body", "not_html")
    assert time.process_time() - start < 30
