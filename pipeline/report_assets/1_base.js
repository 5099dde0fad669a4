// Elements, labels, numbers, and the data of the page. Text of records reaches the page as text nodes only.
const SVG_RENDERER = "svg";
const ACTS = ["declare", "agree", "hold", "negotiate", "call", "refuse", "violate", "end", "negated", "mention"];
// Controls that turn the direction of what follows, or isolate it, could make a text read as what it does not say.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const LABELS = JSON.parse(document.getElementById("labels").textContent);
let language = "ar";

const byId = (id) => document.getElementById(id);
const plain = (text) => String(text).replace(TURNING, "");

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : plain(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined)
    .map((child) => (child instanceof Node ? child : document.createTextNode(plain(child)))));
  return element;
}

// A piece of a record's text: on its own in direction, whatever stands around it.
const quoted = (text, tag = "bdi") => make(tag, { class: "text", dir: "auto" }, text);

function say(name, values = {}) {
  const text = LABELS.text[name][language];
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

// The label of a word of a vocabulary; a word that a later version writes stands for itself.
function word(vocabulary, name) {
  const entry = (LABELS[vocabulary] || {})[name];
  return entry ? entry[language] : plain(name);
}

const locale = () => (language === "ar" ? "ar-u-nu-latn-ca-gregory" : "en-GB");
const formats = {};
const count = (n) => (formats[locale()] ||= new Intl.NumberFormat(locale())).format(n);
const DATE = { day: "numeric", month: "long", year: "numeric" };
function day(iso, options = DATE) {
  const key = locale() + JSON.stringify(options);
  formats[key] ||= new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" });
  const time = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
  return Number.isNaN(time.getTime()) ? plain(iso) : formats[key].format(time);
}

// Text as it is compared: without diacritics, tatweel and invisible marks, hamza and look-alike letters made even.
const DROPPED = /[\u00ad\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u061c\u08d3-\u08ff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const EVEN = [
  [/[\u0622\u0623\u0625\u0671\u0672\u0673]/g, "\u0627"], [/[\u0649\u06cc\u06d0\u0626]/g, "\u064a"], [/\u0624/g, "\u0648"],
  [/\u0629/g, "\u0647"], [/\u06a9/g, "\u0643"], [/\u0621/g, ""],
];
function fold(text) {
  let out = text.normalize("NFKC").replace(DROPPED, "");
  for (const [letters, into] of EVEN) out = out.replace(letters, into);
  return out.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15)).replace(/\s+/g, " ").trim().toLowerCase();
}

async function readData() {
  const element = byId("data");
  const text = element.textContent.trim();
  element.remove();
  if (element.type === "application/json") return JSON.parse(text);
  const letters = atob(text);
  const packed = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) packed[i] = letters.charCodeAt(i);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
