// Wires the page: the language, the filters, printing.
const PAUSE_MS = 150; // between the last key and a new look
const PAPER_WIDTH = 720; // of a chart: near enough to a page's that its letters keep their size
let waiting = 0;
let firstAct = ""; // what the page shows first

function showFigures() {
  const found = shownMentions();
  const statements = shown.flatMap(({ article }) => article.statements);
  const figures = [["articles", shown.length], ["mentions", found.length], ["statements", statements.length],
    ["speakers", new Set(statements.map((s) => s.who).filter((who) => who !== null)).size], ["sources", new Set(shown.map(({ article }) => article.source)).size]];
  byId("figures").replaceChildren(...figures.map(([name, n]) => make("div", {}, make("dt", {}, say(name)), make("dd", {}, count(n)))));
  byId("found").textContent = say("found", { n: count(shown.length), total: count(data.articles.length) });
}

// Long tables and charts can be scrolled by keyboard where they do not fit.
function markScrollable() {
  for (const element of document.querySelectorAll(".scroll, .table")) {
    const wide = element.scrollWidth > element.clientWidth;
    if (wide) element.setAttribute("tabindex", "0");
    else element.removeAttribute("tabindex");
  }
}

function update() {
  clearTimeout(waiting);
  applyFilters();
  showFigures();
  drawCharts();
  showClaims();
  showArticles();
  markScrollable();
}

function speak() {
  document.documentElement.lang = language;
  document.documentElement.dir = rtl() ? "rtl" : "ltr";
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of document.querySelectorAll("[data-hint]")) element.setAttribute("placeholder", say(element.dataset.hint));
  byId("language").lang = rtl() ? "en" : "ar";
  const days = data.articles.map((article) => article.day);
  byId("period").textContent = days.length ? say("period", { from: day(days.at(-1)), to: day(days[0]) }) : "";
  fillFilters();
  if (firstAct) byId("act").value = firstAct;
  firstAct = "";
  fillSelect("step", [["auto", say("auto")], ...["day", "week", "month"].map((step) => [step, say(step)])]);
  fillSelect("order", ["newest", "oldest"].map((order) => [order, say(order)]));
  byId("marks").replaceChildren(say("marks"), ...["speaker", "cue", "content"].map((kind) => make("span", { class: kind }, say(`mark_${kind}`))),
    make("span", { class: "term act-agree" }, say("mark_term")));
  drawLegend();
  showHealth();
  update();
}

async function start() {
  prepare(await readData());
  fillSelect("per-page", [[10, "10"], [25, "25"], [100, "100"]]);
  byId("main").hidden = false;
  byId("notice").hidden = true;
  if (data.articles.some((article) => article.mentions.length)) firstAct = "any";
  speak();
  if (window.requestIdleCallback) foldAhead();
  byId("filters").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, PAUSE_MS);
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(update));
  for (const id of ["order", "per-page"]) byId(id).addEventListener("change", showArticles);
  byId("step").addEventListener("change", () => drawTime(shownMentions()));
  byId("language").addEventListener("click", () => {
    language = rtl() ? "en" : "ar";
    speak();
  });
  byId("print").addEventListener("click", () => window.print());
  const fit = (width) => {
    for (const chart of Object.values(charts)) {
      chart.resize({ width });
      chart.getZr().flush(); // printing does not wait for the next frame
      letScale(chart.getDom());
    }
    markScrollable();
  };
  window.addEventListener("resize", () => fit("auto"));
  window.addEventListener("beforeprint", () => fit(PAPER_WIDTH));
  window.addEventListener("afterprint", () => fit("auto"));
}

byId("notice").textContent = LABELS.text.loading.ar;
if (typeof DecompressionStream === "undefined") byId("notice").textContent = LABELS.text.too_old.ar;
else start();
