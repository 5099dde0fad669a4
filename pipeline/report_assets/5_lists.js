// The lists, a page at a time: articles, claims, feeds.
const SNIPPET = 180;

// Fills a container with one page of items and the means to turn it.
function showPages(container, items, size, render, from = 0) {
  const until = Math.min(from + size, items.length);
  container.replaceChildren(render(items.slice(from, until)));
  if (items.length <= size) return;
  const turn = (to, name) => {
    showPages(container, items, size, render, to);
    const button = container.querySelector(`[data-turn="${name}"]:not(:disabled)`) || container.querySelector("[data-turn]:not(:disabled)");
    button.focus({ preventScroll: true });
    markScrollable();
    container.scrollIntoView({ block: "start" });
  };
  const button = (name, to, possible) => make("button", { type: "button", "data-turn": name, disabled: !possible, onclick: () => turn(to, name) }, say(name));
  container.append(make("div", { class: "pager" },
    button("previous", Math.max(0, from - size), from > 0),
    make("span", {}, say("page", { from: count(from + 1), to: count(until), n: count(items.length) })),
    button("next", until, until < items.length)));
}

const badge = (act) => make("span", { class: `badge act-${act}` }, word("act", act));
const link = (article, text) => (article.url ? make("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, text) : null);

function spanText(article, tag, span) {
  return span ? article[tag.field].slice(...span) : "";
}

function shortened(text) {
  const one = text.replace(/\s+/g, " ").trim();
  return one.length > SNIPPET ? `${one.slice(0, SNIPPET)}\u2026` : one;
}

// ---- articles

function describeStatement(article, statement) {
  const who = statement.who === null ? say("unnamed") : data.speakers[statement.who];
  const notes = [statement.class && word("class", statement.class), statement.kind && word("kind", statement.kind),
    statement.anonymous && statement.kind !== "anonymous" && say("anonymous")].filter(Boolean);
  return make("li", {}, quoted(who, "strong"), " ", make("span", { class: "small" }, `(${notes.join(", ")})`), " ",
    quoted(shortened(spanText(article, statement, statement.content))));
}

function describeMention(article, mention) {
  const parts = [["actor", spanText(article, mention, mention.actor)], ["parties", mention.parties.map((n) => data.parties[n]).join(" / ")],
    ["condition", spanText(article, mention, mention.condition)]].filter(([, text]) => text);
  return make("li", {}, badge(actOf(mention)), mention.negated ? [" ", badge(mention.act)] : null, " ", quoted(spanText(article, mention, mention.term)),
    mention.conditional ? ` (${say("conditional")})` : null,
    parts.map(([name, text]) => [" \u00b7 ", make("span", { class: "small" }, `${say(name)}: `), quoted(text)]).flat());
}

function articleDetails(article) {
  const n = article.statements.length;
  const m = article.mentions.length;
  if (!n && !m) return null;
  const details = make("details", {}, make("summary", {}, say("details", { n: count(n), m: count(m) })));
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    details.append(make("ul", { class: "tags" }, article.mentions.map((mention) => describeMention(article, mention)),
      article.statements.map((statement) => describeStatement(article, statement))));
  });
  return details;
}

function articleCard({ article }) {
  const acts = [...new Set(article.mentions.map(actOf))].sort((a, b) => ACTS.indexOf(a) - ACTS.indexOf(b));
  const card = make("article", {},
    markedTitle(article),
    make("p", { class: "meta" }, quoted(data.sources[article.source]),
      make("time", { datetime: article.time }, `${day(article.time)}${article.published ? "" : ` (${say("fetched")})`}`),
      article.places.length ? make("span", {}, article.places.map((n) => data.places[n][language]).join(rtl() ? "\u060c " : ", ")) : null,
      article.copy ? make("span", { class: "badge idle" }, say("copy")) : null, acts.map(badge)));
  let body = markedBody(article, false);
  const whole = make("button", { type: "button", "aria-expanded": "false", onclick: () => {
    const open = whole.getAttribute("aria-expanded") !== "true";
    const other = markedBody(article, open);
    body.replaceWith(other);
    body = other;
    whole.setAttribute("aria-expanded", String(open));
    whole.textContent = say(open ? "short" : "whole");
  } }, say("whole"));
  card.append(body, make("div", { class: "actions" }, body.querySelector(".gap") ? whole : null, link(article, say("open"))));
  const details = articleDetails(article);
  if (details) card.append(details);
  return card;
}

function showArticles() {
  const order = byId("order").value === "oldest" ? [...shown].reverse() : shown;
  if (!order.length) return void byId("list").replaceChildren(make("p", { class: "empty" }, say("no_articles")));
  showPages(byId("list"), order, Number(byId("per-page").value), (items) => make("div", {}, items.map(articleCard)));
}

// ---- claims

function claimText(article, mention) {
  if (mention.statement !== null) {
    const statement = article.statements[mention.statement];
    return shortened(spanText(article, statement, statement.content));
  }
  const text = article[mention.field];
  const from = Math.max(text.lastIndexOf("\n", mention.term[0]) + 1, mention.term[0] - SNIPPET / 2);
  return shortened(text.slice(from, from + 2 * SNIPPET).split("\n")[0]);
}

function showClaims() {
  fillTable("claims-details", () => {
    const holder = make("div");
    const claims = claimsAmong(shownMentions());
    showPages(holder, claims, 15, (items) => tableOf(["act", "claim", "speaker", "source", "date"].map((name) => say(name)), items.map(({ article, mention }) => {
      const who = whoClaims(article, mention);
      const source = quoted(data.sources[article.source]);
      return [badge(actOf(mention)), quoted(claimText(article, mention)), data.speakers[who] === undefined ? say(who) : quoted(data.speakers[who]),
        article.url ? link(article, source) : source, day(article.time)];
    })));
    return holder;
  });
}

// ---- feeds

function reasonList(vocabulary, counts) {
  const entries = Object.entries(counts).filter(([, n]) => n).sort((a, b) => b[1] - a[1]);
  return make("ul", { class: "reasons" }, entries.map(([reason, n]) => make("li", {}, make("bdi", {}, reasonName(vocabulary, reason)), `: ${count(n)}`)));
}

function reasonName(vocabulary, reason) {
  const language_ = /^language_(.+)/.exec(reason);
  return language_ ? `${word(vocabulary, "language")} (${language_[1]})` : word(vocabulary, reason);
}

function feedRow(feed) {
  const why = feed.failure || feed.message;
  const good = ["read", "not_modified"].includes(feed.outcome);
  const answer = feed.outcome ? make("span", { class: `badge ${good ? "good" : feed.outcome === "postponed" ? "idle" : "bad"}` },
    feed.outcome in LABELS.outcome ? word("outcome", feed.outcome) : word("reason", feed.outcome)) : "\u2013";
  return [
    make("div", {}, feed.name ? make("div", {}, quoted(feed.name)) : null, make("div", { class: "address" }, feed.url)),
    make("div", {}, answer, feed.asked ? make("div", { class: "small" }, day(feed.asked)) : null),
    feed.entries, feed.records, reasonList("drop", feed.dropped),
    make("div", {}, reasonList("reason", feed.failed), why ? make("div", { class: "address" }, why.slice(0, 2 * SNIPPET)) : null),
  ];
}

function showHealth() {
  const { runs, last_run: at, feeds } = data.health;
  byId("health-note").textContent = runs ? say("health_note", { n: count(runs), at: day(at, { ...DATE, hour: "2-digit", minute: "2-digit" }) }) : say("no_runs");
  showPages(byId("health"), feeds, 25, (items) => make("div", { class: "table" },
    tableOf(["feed", "last_answer", "entries", "records", "left_out", "failed"].map((name) => say(name)), items.map(feedRow))));
}
