"""Page shells of our own, of the kinds that readers stumble over: where an article's text stands, and what stands about it.

The texts are invented. `SHELLS` maps a name to a page; every page holds `TITLE` and the paragraphs of `BODY`, and nothing
else of it is article.
"""

import json
from collections.abc import Callable

TITLE = "بلدية الميناء القديم تبدأ ترميم السوق المسقوف بعد عام من الحريق"
BODY = (
    "بدأت بلدية الميناء القديم، صباح السبت، أعمال ترميم السوق المسقوف الذي أتى عليه حريق كبير في الشتاء الماضي، بحسب ما أعلنه رئيسها.",
    "وقال رئيس البلدية إن المرحلة الأولى تشمل تدعيم الأقواس الحجرية وإزالة الركام، وإنها ستستغرق أربعة أشهر على الأقل.",
    "وأضاف أن كلفة المشروع تبلغ مليوني دينار، يأتي نصفها من صندوق التراث والنصف الآخر من تبرعات التجار.",
    "من جهتها، أوضحت المهندسة المشرفة على الأعمال أن الفريق عثر تحت الأرضية على قناة ماء قديمة لم تكن معروفة من قبل.",
    "وأشارت إلى أن القناة ستترك مكشوفة تحت لوح من الزجاج كي يراها الزوار، وأن دراسة عنها ستنشر لاحقا.",
    "ويضم السوق نحو مئة وعشرين متجرا، معظمها لبيع الأقمشة والنحاسيات، وقد نقل أصحابها بضائعهم إلى خيام قرب المرفأ.",
    "وعبر عدد من التجار عن ارتياحهم لبدء العمل، لكنهم طالبوا بإعفائهم من الرسوم حتى نهاية العام المقبل.",
    "ويعود بناء السوق إلى القرن الثامن عشر، وكان قد رمم مرة واحدة قبل نحو ستين عاما.",
)  # fmt: skip
UNWANTED = (
    "مطعم جديد يفتح أبوابه على الكورنيش", "اشترك في نشرتنا البريدية", "تعليق قارئ غاضب", "جميع الحقوق محفوظة", "صورة من الأرشيف",
    "حالة الطقس", "اقرأ أيضا", "خصم خمسون بالمئة",
)  # fmt: skip
OTHER = "أعلنت شركة النقل البحري في المدينة عن رحلات إضافية إلى الجزر خلال موسم الصيف، وقالت إن التذاكر ستطرح الأسبوع المقبل."
MENU = "<ul>" + "".join(f"<li><a href='/s/{n}'>قسم الأخبار {n}</a></li>" for n in range(25)) + "</ul>"
CARDS = "".join(
    f"<div class='card'><a href='/n/{n}'><img src='{n}.jpg' alt='صورة'><h3>مطعم جديد يفتح أبوابه على الكورنيش رقم {n}</h3></a>"
    f"<p>ملخص قصير عن المطعم الذي يقدم أطباقا بحرية ويفتح أبوابه كل مساء، رقم {n}.</p></div>"
    for n in range(12)
)
FOOT = "<div class='ft'><p>جميع الحقوق محفوظة لموقع الميناء، ولا يجوز نقل المواد أو نشرها دون إذن خطي من الإدارة.</p></div>"
NEWSLETTER = "<div class='nl-box'><p>اشترك في نشرتنا البريدية لتصلك أهم الأخبار كل صباح مباشرة إلى بريدك.</p><form><input></form></div>"
COMMENTS = "".join(
    f"<div class='comment-item'><b>زائر {n}</b><p>تعليق قارئ غاضب يقول إن الترميم تأخر كثيرا، وإن البلدية لم تسمع للتجار، وإنه لن يصدق الوعود رقم {n}.</p></div>"
    for n in range(6)
)


def p(texts=BODY, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def html(body: str, head: str = "", heading: str = f"<h1>{TITLE}</h1>", attributes: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='ar' dir='rtl'><head><meta charset='utf-8'><title>{TITLE} | الميناء</title>{head}</head>"
        f"<body {attributes}><div class='top'>{MENU}</div>{heading}{body}<div class='more'>{CARDS}</div>{FOOT}</body></html>"
    )


def nested(depth: int) -> str:
    return html("<div>" * depth + p() + "</div>" * depth)


def in_json(body: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": TITLE,
        "articleBody": body,
        "datePublished": "2020-03-08T20:40:00Z",
    }
    return (
        f"<!DOCTYPE html><html lang='ar'><head><meta charset='utf-8'><title>{TITLE}</title><script type='application/ld+json'>"
        f"{json.dumps(data, ensure_ascii=False)}</script></head><body><div id='root'></div><noscript>فعل جافاسكربت</noscript></body></html>"
    )


def gallery() -> str:
    figures = "".join(
        f"<figure><img src='{n}.jpg'><figcaption>صورة من الأرشيف للسوق قبل الحريق، التقطت من جهة المرفأ رقم {n}.</figcaption></figure>"
        for n in range(8)
    )
    return html(f"<div class='gallery'>{figures}</div><div class='story'>{p()}</div>")


def with_table() -> str:
    rows = "".join(f"<tr><td>السبت {n}</td><td>حالة الطقس</td><td>{n}</td></tr>" for n in range(12))
    return html(f"<div class='txt'>{p(BODY[:4])}<table class='data'>{rows}</table>{p(BODY[4:])}</div>")


def with_boxes() -> str:
    inner = [f"<p>{text}</p>" for text in BODY]
    inner.insert(2, "<p><strong>اقرأ أيضا: <a href='/n/9'>مطعم جديد يفتح أبوابه على الكورنيش</a></strong></p>")
    inner.insert(
        4,
        "<div class='ad-box'><span>إعلان</span><p>خصم خمسون بالمئة على كل الأحذية في متجر الشاطئ حتى نهاية الأسبوع، لا تفوت الفرصة.</p></div>",
    )
    inner.insert(6, NEWSLETTER)
    return html(f"<div class='article__content'>{''.join(inner)}</div>")


def live_blog() -> str:
    posts = "".join(
        f"<div class='live-post'><time datetime='2020-03-08T{10 + n}:00:00Z'>{10 + n}:00</time><p>{text}</p></div>"
        for n, text in enumerate(BODY)
    )
    return html(f"<div class='live-feed'>{posts}</div>")


def endless_scroll() -> str:
    second = f"<article><h1>رحلات إضافية إلى الجزر خلال الصيف</h1><div class='body'>{p([OTHER] * 3)}</div></article>"
    return html(f"<article><h1>{TITLE}</h1><div class='body'>{p()}</div></article>{second}", heading="")


BR = "<br><br>".join(BODY)
SHELLS: dict[str, Callable[[], str]] = {
    "plain": lambda: html(f"<div class='txt'>{p()}</div>"),
    "amp": lambda: html(
        f"<article class='amp-wp-article'><div class='amp-wp-article-content'>{p()}</div><amp-ad></amp-ad></article><amp-sidebar>{MENU}</amp-sidebar>",
        "<style amp-custom>p{color:red}</style><script async src='x'></script>",
    ),
    "no classes": lambda: html(f"<div><div>{p()}</div></div>"),
    "hashed classes": lambda: html(f"<div class='css-1x2y3z sc-bdVaJa'><div class='jss42'>{p()}</div></div>"),
    "divs for paragraphs": lambda: html(f"<div class='x1'>{p(tag='div')}</div>"),
    "nested 30": lambda: nested(30),
    "nested 200": lambda: nested(200),
    "each paragraph nested": lambda: html("<main>" + "".join(f"<div><div><div><p>{text}</p></div></div></div>" for text in BODY) + "</main>"),
    "json only": lambda: in_json("\n".join(BODY)),
    "json only, html": lambda: in_json(p()),
    "br": lambda: html(f"<div class='x1'>{BR}</div>"),
    "br in a span": lambda: html(f"<div><span style='font-size:16px'>{BR}</span></div>"),
    "br in one paragraph": lambda: html(f"<p>{'<br>'.join(BODY)}</p>"),
    "br in font": lambda: html(f"<center><font size=4>{BR}</font></center>"),
    "table layout": lambda: html(f"<table width=100%><tr><td width=200>{MENU}</td><td>{BR}</td></tr></table>"),
    "nested tables": lambda: html(f"<table><tr><td><table><tr><td><table><tr><td>{p()}</td></tr></table></td></tr></table></td><td>{CARDS}</td></tr></table>"),
    "comments before": lambda: html(f"<div id='comments-list'>{COMMENTS}</div><div class='txt'>{p()}</div>"),
    "comments before, unnamed": lambda: html(f"<div class='txt'>{p()}</div><div class='fb'>{COMMENTS}</div>"),
    "form": lambda: html(f"<form id='aspnetForm' action='./x'><div>{MENU}</div><h1>{TITLE}</h1><div id='ctl00_body'>{p()}</div></form>", heading=""),
    "form without heading": lambda: html(f"<form id='aspnetForm'><div><span class='ttl'>{TITLE}</span><div id='ctl00_c'>{p()}</div></div></form>", heading=""),
    "heading outside the form": lambda: html(f"<form id='form1'><div class='col'>{p()}</div></form>"),
    "list items": lambda: html(f"<div class='txt'><ul>{p(tag='li')}</ul></div>"),
    "headings for paragraphs": lambda: html(f"<div class='txt'>{p(tag='h4')}</div>"),
    "pre": lambda: html(f"<div class='txt'><pre>{chr(10).join(BODY)}</pre></div>"),
    "custom elements": lambda: html(f"<story-page><story-body>{p()}</story-body></story-page>"),
    "unclosed paragraphs": lambda: html("<div class='txt'><p>" + "<p>".join(BODY) + "</div>"),
    "bare text": lambda: html(" ".join(BODY)),
    "blockquotes": lambda: html(f"<div class='txt'>{p(BODY[:3])}<blockquote>{p(BODY[3:5])}</blockquote>{p(BODY[5:])}</div>"),
    "bold paragraphs": lambda: html("<div class='txt'>" + "".join(f"<p><strong>{text}</strong></p>" for text in BODY) + "</div>"),
    "spans": lambda: html("<div class='txt'>" + "".join(f"<p><span><span>{text}</span></span></p>" for text in BODY) + "</div>"),
    "linked words": lambda: html("<div class='txt'>" + "".join(f"<p>{text.replace('السوق', '<a href=/t>السوق</a>')}</p>" for text in BODY) + "</div>"),
    "boxes inside": with_boxes,
    "gallery": gallery,
    "data table": with_table,
    "live blog": live_blog,
    "endless scroll": endless_scroll,
    "rest hidden": lambda: html(f"<div class='txt'>{p(BODY[:3])}<div class='rest' style='display:none'>{p(BODY[3:])}</div></div>"),
    "paywall note": lambda: html(f"<div class='txt'>{p()}</div><div class='paywall'><p>اشترك في نشرتنا البريدية أو سجل الدخول لمتابعة القراءة، الاشتراك متاح الآن.</p></div>"),
    "wrapper with a bad name": lambda: html(f"<div class='page has-related'><div class='x1'>{p()}</div></div>"),
    "wrapper named sidebar": lambda: html(f"<div class='content with-sidebar'>{p()}</div>"),
    "wrapper named caption": lambda: html(f"<div class='caption-on subscribe'><div class='x1'>{p()}</div></div>"),
    "body classes": lambda: html(f"<div class='x1'>{p()}</div>", attributes="class='single sidebar-left related comments popup'"),
    "h1 is the site": lambda: html(f"<h2>{TITLE}</h2><div class='txt'>{p()}</div>", heading="<h1><a href='/'>الميناء</a></h1>"),
    "no heading": lambda: html(f"<div class='txt'>{p()}</div>", heading=""),
    "newsletter first": lambda: html(NEWSLETTER + f"<div class='txt'>{p()}</div>"),
    "cards first": lambda: html(f"<div class='x1'>{p()}</div>", heading=f"<div class='g'>{CARDS}</div><h1>{TITLE}</h1>"),
    "lead apart": lambda: html(f"<div class='lead'>{p(BODY[:1])}</div><img src=x><div class='txt'>{p(BODY[1:])}</div>"),
    "two columns": lambda: html(f"<div class='row'><div class='c8'><div>{p(BODY[:4])}</div><div class='ad'></div><div>{p(BODY[4:])}</div></div><div class='c4'>{CARDS}</div></div>"),
    "non-breaking": lambda: html(f"<div class='txt'>{p().replace(' ', '&nbsp;')}</div>"),
    "xhtml": lambda: "<?xml version='1.0' encoding='utf-8'?>" + html(f"<div class='txt'>{p()}</div>").replace("<!DOCTYPE html>", ""),
}  # fmt: skip
