// The three charts, drawn by ECharts, and their figures as tables.
const MOST_SPEAKERS = 18;
const MOST_IN_CLAIMS = 12;
const MOST_BARS = 4000;
const DAY_MS = 86400000;
const charts = {};
const hiddenActs = new Set(["mention"]);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
// Charts are drawn from left to right; what they name keeps its own direction, what the page says has the page's.
const isolated = (text) => `\u2068${plain(text)}\u2069`;
const inLanguage = (text) => `${rtl() ? "\u2067" : "\u2066"}${text}\u2069`;
const escaped = (text) => echarts.format.encodeHTML(plain(text));
const rtl = () => language === "ar";
const dated = (ms) => new Date(ms).toISOString().slice(0, 10);

// On paper a chart takes the width of the page, whatever it has on the screen.
function letScale(element) {
  const svg = element.querySelector("svg");
  const box = `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`;
  if (svg.getAttribute("viewBox") !== box) svg.setAttribute("viewBox", box);
}

function draw(id, option, height, onClick) {
  const element = byId(id);
  const empty = byId(id.replace("-chart", "-empty"));
  element.hidden = option === null;
  empty.hidden = option !== null;
  byId(id.replace("-chart", "-details")).hidden = option === null;
  if (option === null) return;
  element.style.height = `${height}px`;
  if (!charts[id]) {
    charts[id] = echarts.init(element, null, { renderer: SVG_RENDERER });
    charts[id].on("rendered", () => letScale(element));
    charts[id].on("click", (event) => charts[id].act(event));
  }
  charts[id].act = onClick;
  charts[id].resize();
  charts[id].setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink"), fontSize: 13 },
    ...option,
    tooltip: { confine: true, appendTo: element, extraCssText: `direction:${rtl() ? "rtl" : "ltr"};text-align:start;max-width:22rem;white-space:normal`, ...option.tooltip },
  }, true);
}

// ---- acts over time

function binOf(iso, step) {
  if (step === "month") return `${iso.slice(0, 7)}-01`;
  if (step === "day") return iso;
  const ms = Date.parse(iso);
  return dated(ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS);
}

function nextBin(bin, step) {
  if (step !== "month") return dated(Date.parse(bin) + (step === "day" ? 1 : 7) * DAY_MS);
  const date = new Date(bin);
  return dated(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
}

function binsBetween(days, step) {
  const found = [...new Set(days.map((each) => binOf(each, step)))].sort();
  const bins = [];
  for (let bin = found[0]; bin && bin <= found.at(-1); bin = nextBin(bin, step)) {
    bins.push(bin);
    if (bins.length > MOST_BARS) return found; // a date gone astray: only the days that hold something
  }
  return bins;
}

function stepFor(days) {
  const chosen = byId("step").value;
  if (chosen !== "auto") return chosen;
  const sorted = [...days].sort();
  const length = sorted.length ? (Date.parse(sorted.at(-1)) - Date.parse(sorted[0])) / DAY_MS : 0;
  return length <= 120 ? "day" : length <= 1000 ? "week" : "month";
}

const binName = (bin, step) => day(bin, step === "month" ? { year: "numeric", month: "short" } : undefined);
function axisName(bin, step, bins) {
  if (step === "month" || bins[0].slice(0, 4) !== bins.at(-1).slice(0, 4)) return binName(bin, step);
  return day(bin, { day: "numeric", month: "long" });
}
const lastDay = (bin, step) => dated(Date.parse(nextBin(bin, step)) - DAY_MS);

function drawTime(found) {
  const mentions = found.filter(({ mention }) => !hiddenActs.has(actOf(mention)));
  const days = mentions.map(({ article }) => article.day);
  const step = stepFor(days);
  const bins = binsBetween(days, step);
  const place = new Map(bins.map((bin, number) => [bin, number]));
  const counts = Object.fromEntries(ACTS.map((act) => [act, new Array(bins.length).fill(0)]));
  for (const { article, mention } of mentions) counts[actOf(mention)][place.get(binOf(article.day, step))] += 1;
  const acts = ACTS.filter((act) => counts[act].some(Boolean));
  draw("time-chart", mentions.length ? {
    grid: { left: 12, right: 12, top: 16, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: bins, inverse: rtl(),
      axisLabel: { hideOverlap: true, color: colour("soft"), formatter: (bin) => inLanguage(axisName(bin, step, bins)) } },
    yAxis: { type: "value", minInterval: 1, position: rtl() ? "right" : "left", axisLabel: { color: colour("soft") } },
    tooltip: {
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (points) => [`<strong>${escaped(binName(points[0].name, step))}</strong>`, ...points.filter((point) => point.value)
        .map((point) => `${point.marker} ${escaped(point.seriesName)}: ${count(point.value)}`)].join("<br>"),
    },
    series: acts.map((act) => ({
      type: "bar", stack: "acts", name: word("act", act), data: counts[act].map((n) => n || null), barMaxWidth: 36, cursor: "pointer",
      itemStyle: { color: colour(act), borderColor: "#fff", borderWidth: bins.length > 120 ? 0 : 0.5 },
    })),
  } : null, 340, (event) => setFilters({
    act: acts[event.seriesIndex], since: bins[event.dataIndex], until: lastDay(bins[event.dataIndex], step),
  }));
  const rows = bins.map((bin, n) => [binName(bin, step), ...acts.map((act) => counts[act][n])]).filter((row) => row.slice(1).some(Boolean));
  fillTable("time-details", () => tableOf([say("date"), ...acts.map((act) => word("act", act))], rows.reverse()));
}

// ---- who says what

function drawWho(found) {
  const bySpeaker = new Map();
  for (const { article, mention } of found) {
    for (const who of speakersOf(article, mention)) {
      if (!bySpeaker.has(who)) bySpeaker.set(who, Object.fromEntries(ACTS.map((act) => [act, 0])));
      bySpeaker.get(who)[actOf(mention)] += 1;
    }
  }
  const total = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
  const acted = (counts) => total(counts) - counts.mention;
  const speakers = [...bySpeaker].sort(([, a], [, b]) => acted(b) - acted(a) || total(b) - total(a)).slice(0, MOST_SPEAKERS);
  const acts = ACTS.filter((act) => speakers.some(([, counts]) => counts[act]));
  const cells = speakers.flatMap(([, counts], y) => acts.flatMap((act, x) => (counts[act] ? [[x, y, counts[act]]] : [])));
  const most = Math.max(1, ...cells.map((cell) => cell[2]));
  const narrow = document.documentElement.clientWidth < 640;
  draw("who-chart", cells.length ? {
    grid: { left: 12, right: 12, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: acts.map((act) => word("act", act)), inverse: rtl(), position: "top", splitArea: { show: true }, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { interval: 0, rotate: language === "en" || narrow ? 30 : 0 } },
    yAxis: { type: "category", data: speakers.map(([who]) => isolated(data.speakers[who])), inverse: true, position: rtl() ? "right" : "left", axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { width: narrow ? 150 : 260, overflow: "truncate" } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: ["#e3f0f3", "#0b5d75"] } },
    tooltip: { formatter: ({ value: [x, y, n] }) => `<bdi>${escaped(data.speakers[speakers[y][0]])}</bdi><br>${escaped(word("act", acts[x]))}: ${count(n)}` },
    series: [{
      type: "heatmap", cursor: "pointer", itemStyle: { borderColor: "#fff", borderWidth: 2 },
      data: cells.map((value) => ({ value, label: { color: value[2] > most * 0.55 ? "#fff" : "#1c2127" } })),
      label: { show: true, formatter: ({ value }) => count(value[2]), fontSize: 13 }, emphasis: { itemStyle: { borderColor: "#f2a900" } },
    }],
  } : null, 70 + speakers.length * 30, ({ value: [x, y] }) => setFilters({ act: acts[x], speaker: data.speakers[speakers[y][0]] }));
  fillTable("who-details", () => tableOf([say("speaker"), ...acts.map((act) => word("act", act))],
    speakers.map(([who, counts]) => [quoted(data.speakers[who]), ...acts.map((act) => counts[act])])));
}

// ---- from claim to source

// The most frequent keys, in order; the others become "others".
function mostFrequent(keys, limit) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) || 0) + 1);
  return new Set([...counts].sort((a, b) => b[1] - a[1]).slice(0, limit).map(([key]) => key));
}

function whoClaims(article, mention) {
  if (mention.statement === null) return "unattributed";
  const { who } = article.statements[mention.statement];
  return who === null ? "unnamed" : String(who);
}

// What is claimed of a ceasefire, without the background, unless it is asked for.
const claimsAmong = (found) => found.filter(({ mention }) => actOf(mention) !== "mention" || byId("act").value === "mention");

function drawClaims(found) {
  const claims = claimsAmong(found).map(({ article, mention }) => [actOf(mention), whoClaims(article, mention), String(article.source)]);
  const speakers = mostFrequent(claims.map((claim) => claim[1]), MOST_IN_CLAIMS);
  const sources = mostFrequent(claims.map((claim) => claim[2]), MOST_IN_CLAIMS);
  const links = new Map();
  const nodes = new Map();
  const weights = new Map();
  for (const [act, speaker, source] of claims) {
    const path = [`act ${act}`, `who ${speakers.has(speaker) ? speaker : "others"}`, `source ${sources.has(source) ? source : "others"}`];
    path.forEach((name, level) => nodes.set(name, level));
    path.forEach((name) => weights.set(name, (weights.get(name) || 0) + 1));
    for (const pair of [[path[0], path[1]], [path[1], path[2]]]) {
      const key = JSON.stringify(rtl() ? pair.reverse() : pair);
      links.set(key, (links.get(key) || 0) + 1);
    }
  }
  const nameOf = (node) => {
    const [level, key] = node.split(" ");
    if (level === "act") return word("act", key);
    if (key === "others" || key === "unnamed" || key === "unattributed") return say(key);
    return plain((level === "who" ? data.speakers : data.sources)[key]);
  };
  // Acts in their order, names by how often they come, what is no name last.
  const rank = (node, level) => (level === 0 ? ACTS.indexOf(node.split(" ")[1])
    : ["others", "unnamed", "unattributed"].indexOf(node.split(" ")[1]) + 1 || -weights.get(node));
  draw("claims-chart", claims.length ? {
    tooltip: { formatter: ({ dataType, data: { source, target, name }, value }) => (dataType === "edge"
      ? `<bdi>${escaped(nameOf(rtl() ? target : source))}</bdi> ${rtl() ? "\u2190" : "\u2192"} <bdi>${escaped(nameOf(rtl() ? source : target))}</bdi>: ${count(value)}`
      : `<bdi>${escaped(nameOf(name))}</bdi>: ${count(value)}`) },
    series: [{
      type: "sankey", left: 8, right: 8, top: 8, bottom: 8, nodeGap: 15, nodeWidth: 14, layoutIterations: 0, draggable: false, cursor: "pointer",
      emphasis: { focus: "adjacency" }, lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
      label: { formatter: ({ name }) => isolated(nameOf(name)), width: 230, overflow: "truncate", textBorderColor: "#fff", textBorderWidth: 3, fontSize: 13 },
      data: [...nodes].sort(([a, m], [b, n]) => m - n || rank(a, m) - rank(b, n)).map(([name, level]) => ({
        name, depth: rtl() ? 2 - level : level, label: { position: level === (rtl() ? 2 : 0) ? "right" : "left" },
        itemStyle: { color: level === 0 ? colour(name.split(" ")[1]) : level === 1 ? "#7a8793" : colour("accent") },
      })),
      links: [...links].map(([key, value]) => {
        const [source, target] = JSON.parse(key);
        const act = [source, target].find((node) => node.startsWith("act "));
        return { source, target, value, lineStyle: { color: act ? colour(act.split(" ")[1]) : "#7a8793" } };
      }),
    }],
  } : null, Math.max(300, 60 + 36 * Math.max(speakers.size, sources.size, 8)), (event) => {
    if (event.dataType !== "node") return;
    const [level, key] = event.name.split(" ");
    if (level === "act") setFilters({ act: key });
    else if (level === "source" && key !== "others") setFilters({ source: key });
    else if (level === "who" && data.speakers[key] !== undefined) setFilters({ speaker: data.speakers[key] });
  });
}

// ---- their figures

function tableOf(head, rows) {
  const cell = (value, tag, properties = {}) => make(tag, typeof value === "number" ? { class: "number" } : properties, typeof value === "number" ? count(value) : value);
  return make("table", {}, make("thead", {}, make("tr", {}, head.map((text, n) => make("th", { scope: "col", class: n && typeof (rows[0] || [])[n] === "number" ? "number" : "" }, text)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, row.map((value, n) => cell(value, n ? "td" : "th", n ? {} : { scope: "row" }))))));
}

// Tables are made when they are opened: most never are.
function fillTable(id, build) {
  const details = byId(id);
  const fill = () => {
    if (!details.open) return;
    details.querySelector(".table").replaceChildren(build());
    markScrollable();
  };
  details.ontoggle = fill;
  fill();
}

function drawLegend() {
  byId("legend").replaceChildren(...ACTS.map((act) => make("button", {
    type: "button", class: `act-${act}`, "aria-pressed": String(!hiddenActs.has(act)), onclick: (event) => {
      const pressed = hiddenActs.delete(act);
      if (!pressed) hiddenActs.add(act);
      event.currentTarget.setAttribute("aria-pressed", String(pressed));
      drawTime(shownMentions());
    },
  }, word("act", act))));
}

function drawCharts() {
  const found = shownMentions();
  drawTime(found);
  drawWho(found);
  drawClaims(found);
}
