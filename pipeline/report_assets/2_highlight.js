// A text with its tags marked. Where two spans cross, the later one is cut in two, so that elements nest.
const RANK = { content: 0, speaker: 1, cue: 2, term: 3 }; // of equal spans, the outer first

function spansOf(article, field) {
  const spans = [];
  article.statements.forEach((statement, number) => {
    if (statement.field !== field) return;
    for (const kind of ["content", "speaker", "cue"]) {
      if (statement[kind]) spans.push({ kind, from: statement[kind][0], to: statement[kind][1], of: `s${number}` });
    }
  });
  article.mentions.forEach((mention, number) => {
    if (mention.field === field) {
      spans.push({ kind: "term", from: mention.term[0], to: mention.term[1], of: `m${number}`, act: actOf(mention) });
    }
  });
  return spans.filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from || b.to - a.to || RANK[a.kind] - RANK[b.kind]);
}

function openSpan(span) {
  const tip = span.kind === "term" ? `${say("mark_term")}: ${word("act", span.act)}` : say(`mark_${span.kind}`);
  const element = make("span", { class: span.act ? `term act-${span.act}` : span.kind, title: tip });
  element.dataset.of = span.of;
  return element;
}

// Appends text[from, to) to a parent, its spans marked. Spans begin in order; `open` are those around the place.
function appendMarked(parent, text, spans, from, to) {
  const open = [{ element: parent, to }];
  const waiting = spans.filter((span) => span.from < to && span.to > from)
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }));
  let at = from;
  const write = (until) => {
    if (until > at) open.at(-1).element.append(document.createTextNode(plain(text.slice(at, until))));
    at = Math.max(at, until);
  };
  const close = () => {
    write(open.at(-1).to);
    open.pop();
  };
  while (waiting.length) {
    const span = waiting.shift();
    while (open.at(-1).to <= span.from) close();
    write(span.from);
    const limit = open.at(-1).to;
    if (span.to > limit) {
      const rest = { ...span, from: limit };
      span.to = limit;
      const place = waiting.findIndex((other) => other.from > limit || (other.from === limit && other.to < rest.to));
      waiting.splice(place < 0 ? waiting.length : place, 0, rest);
    }
    const element = openSpan(span);
    open.at(-1).element.append(element);
    open.push({ element, to: span.to });
  }
  while (open.length) close();
}

// The direction of an article's text is that of its language: a first word in another script does not decide it.
const written = (article) => ({ dir: article.rtl ? "rtl" : "auto", lang: article.language === "und" ? null : article.language });

function markedTitle(article) {
  const title = make("h3", { class: "text", ...written(article) });
  appendMarked(title, article.title, spansOf(article, "title"), 0, article.title.length);
  return title;
}

// The paragraphs of the body as [from, to) and whether a ceasefire is named there, or a statement about one made.
function paragraphsOf(article) {
  const wanted = article.mentions.filter((mention) => mention.field === "body").map((mention) => mention.term);
  let from = 0;
  return article.body.split("\n").map((paragraph) => {
    const range = [from, from + paragraph.length];
    from += paragraph.length + 1;
    return { range, matters: wanted.some(([start, end]) => start < range[1] && end > range[0]) };
  }).filter(({ range }) => range[1] > range[0]);
}

// The body: whole, or the paragraphs that matter with a sign where others are left out.
function markedBody(article, whole) {
  const spans = spansOf(article, "body");
  const body = make("div", { class: "body" });
  const paragraphs = paragraphsOf(article);
  const anyMatters = paragraphs.some(({ matters }) => matters);
  let left = false;
  paragraphs.forEach(({ range, matters }, number) => {
    if (!whole && !matters && (anyMatters || number > 1)) {
      left = true;
      return;
    }
    if (left) body.append(make("p", { class: "gap" }, `[${say("omitted")}]`));
    left = false;
    const paragraph = make("p", { class: "text", ...written(article) });
    appendMarked(paragraph, article.body, spans, ...range);
    body.append(paragraph);
  });
  if (left) body.append(make("p", { class: "gap" }, `[${say("omitted")}]`));
  return body;
}
