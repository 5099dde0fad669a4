// Which articles, and which of their ceasefire mentions, meet the filters.
let data = null;
let shown = []; // {article, mentions}: what meets the filters, newest first
const FIELDS = ["search", "act", "place", "party", "speaker", "source", "since", "until", "once"];

const actOf = (mention) => (mention.negated ? "negated" : mention.act);

function prepare(loaded) {
  data = loaded;
  for (const article of data.articles) article.day = article.time.slice(0, 10);
  data.foldedSpeakers = data.speakers.map(fold);
  data.foldedParties = data.parties.map(fold);
}

// Who says it, innermost first: what is said within what another says counts for both.
function speakersOf(article, mention) {
  const statements = new Set();
  for (let at = mention.statement; at !== null && !statements.has(at); at = article.statements[at].parent) statements.add(at);
  return [...new Set([...statements].map((at) => article.statements[at].who).filter((who) => who !== null))];
}

// The names that an input means: the one that it spells, else all that hold what was typed. Null: any.
function namesMeant(typed, folded) {
  const wanted = fold(typed);
  if (!wanted) return null;
  const exact = folded.indexOf(wanted);
  if (exact >= 0) return new Set([exact]);
  return new Set(folded.flatMap((name, number) => (name.includes(wanted) ? [number] : [])));
}

function foldedText(article) {
  article.folded ??= fold(`${article.title}\n${article.body}\n${data.sources[article.source]}`);
  return article.folded;
}

// Makes the texts ready for the first search while nothing else is to do.
function foldAhead(from = 0) {
  requestIdleCallback((idle) => {
    let at = from;
    while (at < data.articles.length && idle.timeRemaining() > 2) foldedText(data.articles[at++]);
    if (at < data.articles.length) foldAhead(at);
  });
}

function readFilters() {
  const number = (id) => (byId(id).value === "" ? null : Number(byId(id).value));
  return {
    words: fold(byId("search").value).split(" ").filter(Boolean),
    act: byId("act").value,
    place: number("place"),
    source: number("source"),
    parties: namesMeant(byId("party").value, data.foldedParties),
    speakers: namesMeant(byId("speaker").value, data.foldedSpeakers),
    since: byId("since").value,
    until: byId("until").value,
    once: byId("once").checked,
  };
}

const articleMeets = (f, article) =>
  (!f.since || article.day >= f.since) && (!f.until || article.day <= f.until) &&
  (f.place === null || article.places.includes(f.place)) && (f.source === null || article.source === f.source) &&
  !(f.once && article.copy) && f.words.every((wanted) => foldedText(article).includes(wanted));

const mentionMeets = (f, article, mention) =>
  (!f.act || f.act === "any" || actOf(mention) === f.act) &&
  (!f.parties || mention.parties.some((party) => f.parties.has(party))) &&
  (!f.speakers || speakersOf(article, mention).some((who) => f.speakers.has(who)));

function applyFilters() {
  const filters = readFilters();
  const ofMentions = Boolean(filters.act || filters.parties);
  shown = [];
  for (const article of data.articles) {
    if (!articleMeets(filters, article)) continue;
    const mentions = article.mentions.filter((mention) => mentionMeets(filters, article, mention));
    if (ofMentions && !mentions.length) continue;
    if (filters.speakers && !mentions.length && !article.statements.some((s) => filters.speakers.has(s.who))) continue;
    shown.push({ article, mentions });
  }
  // For print, which shows what was chosen.
  const set = FIELDS.filter((id) => (id === "once" ? byId(id).checked : byId(id).value));
  for (const id of FIELDS) byId(id).closest("label").classList.toggle("set", set.includes(id));
  byId("filters").classList.toggle("used", set.length > 0);
}

// All mentions that meet the filters, each with its article.
const shownMentions = () => shown.flatMap(({ article, mentions }) => mentions.map((mention) => ({ article, mention })));

function option(value, text, chosen) {
  const made = make("option", { value }, text);
  made.selected = String(value) === String(chosen);
  return made;
}

function fillSelect(id, options) {
  const select = byId(id);
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => option(value, text, chosen)));
}

function frequencies(size, numbersOf) {
  const counts = new Array(size).fill(0);
  for (const article of data.articles) for (const number of numbersOf(article)) counts[number] += 1;
  return counts;
}

const LISTED = 400; // names that an input proposes; any other can be typed

function namesByCount(names, counts) {
  return names.map((_, number) => number).filter((number) => counts[number]).sort((a, b) => counts[b] - counts[a]);
}

// Fills the choices in the language of the page, the most frequent first.
function fillFilters() {
  fillSelect("act", [["", say("all")], ["any", say("any_act")], ...ACTS.map((act) => [act, word("act", act)])]);
  const places = frequencies(data.places.length, (article) => article.places);
  fillSelect("place", [["", say("all")], ...namesByCount(data.places, places)
    .map((number) => [number, `${data.places[number][language]} (${count(places[number])})`])]);
  const sources = frequencies(data.sources.length, (article) => [article.source]);
  fillSelect("source", [["", say("all")], ...namesByCount(data.sources, sources)
    .map((number) => [number, `${data.sources[number]} (${count(sources[number])})`])]);
  const parties = frequencies(data.parties.length, (article) => article.mentions.flatMap((mention) => mention.parties));
  byId("parties").replaceChildren(...namesByCount(data.parties, parties).slice(0, LISTED)
    .map((number) => make("option", { value: data.parties[number] })));
  // Those who speak of ceasefires come first.
  const speakers = frequencies(data.speakers.length, (article) => [
    ...article.statements.map((s) => s.who).filter((who) => who !== null),
    ...article.mentions.flatMap((mention) => speakersOf(article, mention).flatMap((who) => new Array(50).fill(who))),
  ]);
  byId("speakers").replaceChildren(...namesByCount(data.speakers, speakers).slice(0, LISTED)
    .map((number) => make("option", { value: data.speakers[number] })));
  byId("once-line").hidden = !data.articles.some((article) => article.copy);
}

// Sets some filters and leaves the others.
function setFilters(values) {
  for (const [id, value] of Object.entries(values)) byId(id).value = value;
  byId("filters").dispatchEvent(new Event("input"));
}
