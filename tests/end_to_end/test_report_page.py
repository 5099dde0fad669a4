"""The page of `rasid report`, in a real browser."""

import http.server
import threading
from dataclasses import replace

import pytest
from browser import Watched, start_browser
from record_samples import BODY, START_US, make_record, write_lines

from pipeline.report import main
from transforms.arabic.normalize import fold_text
from transforms.elements import CeasefireMention, Span, Statement

pytestmark = pytest.mark.slow
PLAIN = "افتتح الوزير مدرسة في بغداد.\nوحضر الحفل كثيرون."
HELD = "قال المتحدث خالد السالم إن الهدنة صامدة في صنعاء.\nوعاد الناس إلى بيوتهم."


@pytest.fixture(scope="module")
def browser():
    with start_browser() as started:
        yield started


def make_page(folder, records):
    write_lines(folder / "records" / "2026-01-10" / "a.jsonl", records)
    assert main([str(folder), "-o", str(folder / "report.html")]) == 0
    return folder / "report.html"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    records = [
        *(make_record(n, source="الأولى") for n in range(12)),
        *(make_record(n, title="خبر عن مدرسة", body=PLAIN, source="الثانية") for n in range(12, 20)),
        *(make_record(n, title="هُدنةٌ إضافيّة", body=HELD, source="الثالثة", duplicate_of="x") for n in range(20, 23)),
    ]
    return make_page(tmp_path_factory.mktemp("report"), records)


@pytest.fixture
def opened(browser, path):
    watched = Watched(browser, path)
    yield watched
    assert watched.errors == []
    assert watched.asked == [path.as_uri()]
    watched.page.close()


def test_it_opens_in_arabic_with_what_names_a_ceasefire(opened):
    assert opened.page.get_attribute("html", "dir") == "rtl"
    assert opened.found() == 15
    assert opened.page.locator("#list article").count() == 10
    for chart in ("time", "who", "claims"):
        assert opened.page.locator(f"#{chart}-chart svg path").count() > 5
    assert "الوزير سالم الأحمد" in opened.page.text_content("#who-chart")
    assert "أيام" not in opened.page.title()
    assert opened.page.locator("#health tbody tr").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("act", "", 23),
        ("act", "violate", 12),
        ("act", "end", 0),
        ("party", "المعارضة", 12),
        ("party", "معار", 12),
        ("party", "لا احد", 0),
        ("speaker", "الوزير سالم الأحمد", 12),
        ("speaker", "سالم احمد", 0),
        ("since", "2026-01-21", 4),
        ("until", "2026-01-10", 1),
        ("search", "صامده صنعاء", 3),
        ("search", "اضافية هدنة", 3),
        ("search", "إضافيَّة", 3),
        ("search", "ثالثه هدنه", 15),
        ("search", "برشلونة", 0),
    ],
)
def test_each_filter(opened, field, value, wanted):
    control = opened.page.locator(f"#{field}")
    (control.select_option if field == "act" else control.fill)(value)
    assert opened.found() == wanted
    shown = opened.page.locator("#list article").count()
    assert shown == min(wanted, 10)
    assert opened.page.locator("#list .empty").count() == (wanted == 0)
    opened.reset()
    assert opened.found() == 23


@pytest.mark.parametrize(("place", "wanted"), [("حلب", 12), ("سوريا", 12), ("السودان", 12), ("صنعاء", 3), ("بغداد", 8)])
def test_the_filter_by_place(opened, place, wanted):
    opened.page.select_option("#act", "")
    [label] = [o for o in opened.page.locator("#place option").all_text_contents() if o.startswith(f"{place} (")]
    assert label == f"{place} ({wanted})"
    opened.page.select_option("#place", label=label)
    assert opened.found() == wanted


def test_filters_by_publisher_and_without_copies(opened):
    opened.page.select_option("#source", label="الثالثة (3)")
    assert opened.found() == 3
    opened.page.check("#once")
    assert opened.found() == 0


def test_filters_are_about_one_mention_together(opened):
    opened.page.fill("#speaker", "الوزير سالم الأحمد")
    opened.page.select_option("#act", "refuse")
    assert opened.found() == 12
    opened.page.select_option("#act", "declare")  # somebody else does
    assert opened.found() == 0


def test_a_bar_and_a_cell_filter_the_articles(opened):
    opened.page.evaluate("scrollTo(0, document.getElementById('time-chart').getBoundingClientRect().top - 50)")
    box = opened.page.locator("#time-chart").bounding_box()
    opened.page.mouse.click(box["x"] + box["width"] - 60, box["y"] + box["height"] - 45)  # the first day, on the right
    assert opened.found() == 1
    assert opened.page.input_value("#since") == opened.page.input_value("#until") == "2026-01-10"
    opened.reset()
    opened.page.locator("#who-chart text", has_text="12").first.click()
    assert opened.found() == 12
    assert opened.page.input_value("#speaker") in ("الحكومة", "المعارضة", "الوزير سالم الأحمد", "شهود عيان")
    assert opened.page.input_value("#act") in ("declare", "agree", "refuse", "violate")


def test_english_and_back(opened):
    assert opened.page.locator("#act option").nth(2).text_content() == "إعلان"
    opened.page.click("#language")
    assert opened.page.get_attribute("html", "dir") == "ltr"
    assert opened.page.get_attribute("html", "lang") == "en"
    assert "what is said" in opened.page.title()
    assert opened.page.locator("#act option").nth(2).text_content() == "declared"
    assert opened.page.locator("#place option", has_text="Aleppo").count() == 1
    assert opened.found() == 15
    opened.page.click("#language")
    assert opened.page.get_attribute("html", "lang") == "ar"


def test_the_figures_are_there_as_tables(opened):
    opened.page.click("#time-details summary")
    rows = opened.page.locator("#time-details tbody tr")
    rows.nth(14).wait_for()
    assert rows.count() == 15
    assert "يناير" in rows.last.text_content()
    opened.page.click("#who-details summary")
    assert "الوزير سالم الأحمد" in opened.page.text_content("#who-details tbody")
    opened.page.click("#claims-details summary")
    opened.page.locator("#claims-details tbody tr").nth(14).wait_for()
    assert opened.page.locator("#claims-details tbody tr").count() == 15
    assert (
        opened.page.locator("#claims-details tbody a").first.get_attribute("href").startswith("https://news.example/")
    )


def test_pages_of_the_list_turn(opened):
    first = opened.titles()
    opened.page.locator("#list [data-turn=next]").click()
    assert len(opened.titles()) == 5
    opened.page.locator("#list [data-turn=previous]").click()
    assert opened.titles() == first
    opened.page.select_option("#order", "oldest")
    assert opened.titles() != first
    opened.page.select_option("#per-page", "25")
    assert len(opened.titles()) == 15


def test_an_article_opens_whole_with_its_tags(opened):
    opened.page.select_option("#order", "oldest")
    card = opened.page.locator("#list article").first
    assert card.locator(".body p.text").all_text_contents() == BODY.split("\n")
    assert card.locator(".term").all_text_contents() == ["هدنة", "هدنة", "وقف إطلاق النار", "الهدنة"]
    assert "الوزير سالم الأحمد" in card.locator(".speaker").all_text_contents()
    inner = card.locator(".content .term").all_text_contents()
    assert "وقف إطلاق النار" in inner
    card.locator("summary").click()
    assert "رفض" in card.locator(".tags").text_content()
    opened.page.select_option("#act", "hold")
    opened.wait(250)
    card = opened.page.locator("#list article").first
    assert card.locator(".body p.text").count() == 1
    card.locator("button", has_text="النص كاملا").click()
    assert card.locator(".body p.text").all_text_contents() == HELD.split("\n")


def crossing_record():
    """Spans that nest, touch and cross, in a text with characters beyond the basic plane."""
    body = "😀 قال الأول إن الثاني ذكر أن هدنة قائمة.\nنص 😀 آخر عن هدنة."

    def span(text, at=0):
        start = body.index(text, at)
        return Span(start, start + len(text), text)

    def said(content, speaker, cue, parent=None):
        return Statement("body", cue, speaker, speaker.text, content, "indirect", "speech", "person", False, parent)

    outer = said(span("الثاني ذكر أن هدنة قائمة"), span("الأول"), span("قال"))
    inner = said(span("هدنة قائمة"), span("الثاني"), span("ذكر"), 0)
    crossing = said(span("أن هدنة قائمة.\nنص 😀 آخر"), span("آخر"), span("ذكر أن"))
    mentions = [
        CeasefireMention("body", span("هدنة"), "hold", False, False, None, statement=1),
        CeasefireMention("body", span("هدنة", 40), "end", True, False, None),
    ]
    return replace(
        make_record(1, title="عنوان"), body=body, statements=(outer, inner, crossing), ceasefire_mentions=mentions
    )


def test_nested_and_crossing_spans_are_marked_right(browser, tmp_path):
    record = crossing_record()
    watched = Watched(browser, make_page(tmp_path, [record]))
    marked = watched.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".body [data-of]")].reduce((found, element) => {
             const key = element.dataset.of + " " + element.classList[0];
             return found.set(key, (found.get(key) || "") + element.textContent);
           }, new Map()))"""
    )
    wanted = {}
    for n, statement in enumerate(record.statements):
        for kind in ("content", "speaker", "cue"):
            wanted[f"s{n} {kind}"] = getattr(statement, kind).text.replace("\n", "")
    wanted |= {f"m{n} term": mention.term.text for n, mention in enumerate(record.ceasefire_mentions)}
    assert marked == wanted
    assert watched.page.locator(".body p.text").all_text_contents() == record.body.split("\n")
    assert watched.page.locator(".content .content .term").count() == 1
    assert watched.page.locator(".term.act-negated").count() == 1
    assert watched.errors == []


HTML = "<img src=x onerror=window.hacked=1></script><script>window.hacked=1</script>"


def hostile_records(count):
    body = f'{HTML}\u202e قال {HTML} إن هدنة "قائمة".\n\u2067{HTML}'
    start = body.index("قال") + 4
    speaker = Span(start, start + len(HTML), HTML)
    at = body.index("هدنة")
    content = Span(at, at + 4, "هدنة")
    statement = Statement("body", None, speaker, HTML, content, "indirect", None, None)
    mention = CeasefireMention("body", content, "hold", False, False, speaker, speaker, (speaker,), 0)
    for n in range(count):
        made = make_record(n, title=f"{HTML}\u202eabc", source=HTML, url=f"javascript:window.hacked={n + 1}")
        yield replace(made, body=body, statements=(statement,), ceasefire_mentions=(mention,), feed_url=HTML)


@pytest.mark.parametrize("count", [3, 400])  # plain, and packed
def test_text_of_records_is_never_run(browser, tmp_path, count):
    path = make_page(tmp_path, hostile_records(count))
    watched = Watched(browser, path)
    page = watched.page
    for language in ("ar", "en"):
        assert page.get_attribute("html", "lang") == language
        for details in page.locator("summary").all():
            details.click()
        for chart in ("time", "who", "claims"):  # their tooltips
            page.locator(f"#{chart}-chart").scroll_into_view_if_needed()
            box = page.locator(f"#{chart}-chart").bounding_box()
            for part in (0.2, 0.5, 0.8, 0.98):
                page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * 0.6)
                page.wait_for_timeout(30)
        page.fill("#speaker", HTML)
        assert watched.found() == count
        page.fill("#speaker", "")
        page.click("#language")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 3  # the labels, the charts, the page's own; the data is taken away
    assert page.locator("#list a").count() == 0  # no address of the web
    assert page.evaluate("window.hacked") is None
    assert "\u202e" not in page.text_content("main")
    assert HTML in page.locator("#list h3").first.text_content()
    assert watched.errors == []
    assert watched.asked == [path.as_uri()]


def test_the_page_cannot_ask_the_network(browser, path):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    attempt = """async (address) => {
      await fetch(address + "/fetch", { mode: "no-cors" }).catch(() => null);
      await new Promise((done) => { const image = new Image(); image.onload = image.onerror = done; image.src = address + "/image"; });
      for (const [tag, key] of [["script", "src"], ["link", "href"], ["iframe", "src"]]) {
        const element = document.createElement(tag);
        if (tag === "link") element.rel = "stylesheet";
        element[key] = address + "/" + tag;
        document.body.append(element);
      }
      const inline = document.createElement("script");
      inline.textContent = "window.hacked = 1";
      document.body.append(inline);
      await new Promise((done) => setTimeout(done, 300));
      return window.hacked;
    }"""
    try:
        page = Watched(browser, path).page
        assert page.evaluate(attempt, address) is None
        assert asked == []
        blank = browser.new_page()  # the same attempt succeeds where nothing forbids it
        assert blank.evaluate(attempt, address) == 1
        assert {"/fetch", "/image", "/script", "/link", "/iframe"} <= set(asked)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_is_accessible(browser, path, width, language):
    from axe_playwright_python.sync_playwright import Axe

    watched = Watched(browser, path, viewport={"width": width, "height": 800})
    if language == "en":
        watched.page.click("#language")
    for state in ("closed", "open"):
        found = Axe().run(watched.page)
        problems = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]
        assert not problems, (state, problems)
        assert len(found.response["passes"]) > 20
        for details in watched.page.locator("summary").all():
            details.click()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_is_reached_by_keyboard(opened):
    page = opened.page
    reached = []
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate("(e => e.id || e.className || e.tagName + ' ' + e.textContent)(document.activeElement)")
        if reached and name == reached[0]:
            break
        reached.append(name)
    wanted = {
        "skip",
        "print",
        "language",
        "search",
        "act",
        "place",
        "party",
        "speaker",
        "source",
        "since",
        "until",
        "once",
    }
    assert wanted | {"step", "order", "per-page"} <= set(reached)
    assert any("الأرقام في جدول" in name for name in reached)
    assert any("السابق" in name or "التالي" in name for name in reached)
    page.focus("#language")
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "lang") == "en"
    page.focus("#legend button:last-child")
    page.keyboard.press("Space")
    assert page.get_attribute("#legend button:last-child", "aria-pressed") == "true"
    page.focus("#list [data-turn=next]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.turn") == "previous"


def test_on_paper(opened):
    page = opened.page
    page.select_option("#act", "violate")
    opened.wait(250)
    page.emulate_media(media="print")
    visible = {
        name: page.locator(name).first.is_visible()
        for name in ("#language", "#search", "#act", "#time-chart svg", "#list h3")
    }
    assert visible == {"#language": False, "#search": False, "#act": True, "#time-chart svg": True, "#list h3": True}
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.evaluate(
        "[...document.querySelectorAll('.chart svg')].every((e) => e.getBoundingClientRect().width <= 700)"
    )


def test_thousands_of_records_stay_a_page(browser, tmp_path):
    records = [make_record(n, published_us=START_US + n * 3_600_000_000) for n in range(3_000)]
    watched = Watched(browser, make_page(tmp_path, records))
    assert watched.found() == 3_000
    assert watched.page.locator("#list article").count() == 10
    assert watched.page.evaluate("document.querySelectorAll('*').length") < 5_000
    watched.page.fill("#search", "كتيبه")
    assert watched.found() == 3_000


@pytest.mark.parametrize("count", [0, 1])
def test_a_folder_without_ceasefires(browser, tmp_path, count):
    watched = Watched(browser, make_page(tmp_path, [make_record(1, title="خبر", body=PLAIN)][:count]))
    assert watched.found() == count
    assert watched.page.locator("#time-empty").is_visible()
    assert watched.errors == []


def test_letters_are_made_even_as_for_the_tagger(browser, tmp_path):
    words = ["هُدْنَة", "تـهـدئة", "إعلان", "ﻣﺪﻳﻨﺔ", "گلی", "مستشفى", "٢٠٣١", "أ\u0654ملنا", "رأي\u200fنا", "ﷺ"]
    records = [make_record(n, title=f"{word}.", body=PLAIN) for n, word in enumerate(words)]
    watched = Watched(browser, make_page(tmp_path, records))
    watched.page.select_option("#act", "")
    for record, word in zip(records, words, strict=True):
        for typed in (word, fold_text(word)):
            watched.page.fill("#search", typed)
            assert watched.found() == 1, word
            assert watched.titles() == [record.title], word
    assert watched.errors == []
