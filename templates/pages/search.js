// Searches in the browser. What people wrote is one file, looked through whole; what was said is an index of
// many small ones, of which a search fetches those of its own letters. cityhall_fm/show/searching.py folds and
// cuts words in the same way: the two must stay alike.
"use strict";

const form = document.getElementById("search");
const field = document.getElementById("q");
const found = document.getElementById("found");
const status = document.getElementById("status");
const more = document.getElementById("more");
const { root } = found.dataset;
const PAGE = 10; // episodes shown at a time
const MOST_SAID = 3; // places in the spoken words of one episode
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const WIDE = 0x2e80; // from here on scripts have no spaces between words
const LONGEST = 24;

const files = new Map();
const fetched = (name, again = false) => {
  if (again || !files.has(name)) {
    const loading = fetch(`${root}search/${name}`, { cache: again ? "reload" : "default" }).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
    loading.catch(() => files.delete(name));
    files.set(name, loading);
  }
  return files.get(name);
};

let variants = {};
const fold = (text) => {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFKC").toLowerCase();
  return Array.from(plain, (letter) => {
    const code = letter.codePointAt(0);
    if (code >= 0x30a1 && code <= 0x30f6) return String.fromCodePoint(code - 0x60);
    return variants[letter] ?? letter;
  }).join("");
};
const runs = (folded) => {
  const made = [];
  for (const [run] of folded.matchAll(/[\p{L}\p{N}]+/gu)) {
    let piece = [];
    const isWide = (letter) => letter.codePointAt(0) >= WIDE;
    for (const letter of run) {
      if (piece.length && isWide(letter) !== isWide(piece[0])) { made.push(piece); piece = []; }
      piece.push(letter);
    }
    made.push(piece);
  }
  return made.map((letters) => ({ letters, wide: letters[0].codePointAt(0) >= WIDE }));
};
// What is looked up: pairs of Japanese letters; one letter, and words of other scripts, as beginnings.
const lookups = (folded) => runs(folded).flatMap(({ letters, wide }) => {
  if (!wide) return [{ key: letters.slice(0, LONGEST).join(""), begins: true }];
  if (letters.length === 1) return [{ key: letters[0], begins: true }];
  return letters.slice(1).map((letter, place) => ({ key: letters[place] + letter, begins: false }));
});
const numbers = (written) => {
  const read = [];
  let before = 0;
  let rest = 0;
  let factor = 1;
  for (const letter of written) {
    const digit = DIGITS.indexOf(letter);
    rest += (digit % 32) * factor;
    factor *= 32;
    if (digit < 32) { before += rest; read.push(before); rest = 0; factor = 1; }
  }
  return read;
};

const shard = async ({ key }, places) => {
  const number = key.codePointAt(0) % places.files;
  const name = `words-${String(number).padStart(2, "0")}.json`;
  const words = await fetched(name);
  return words.count === places.count ? words : fetched(name, true); // published anew meanwhile
};
const spokenPlaces = async (folded, places) => {
  let common = null;
  for (const lookup of lookups(folded)) {
    const { words } = await shard(lookup, places);
    const keys = lookup.begins ? Object.keys(words).filter((key) => key.startsWith(lookup.key)) : [lookup.key];
    const those = new Set(keys.flatMap((key) => (Object.hasOwn(words, key) ? numbers(words[key]) : [])));
    common = common === null ? those : new Set([...common].filter((place) => those.has(place)));
  }
  return common ?? new Set();
};

// Points: a word in a title counts more than one in an answer, and that more than one that was said.
const points = (terms, fields) => {
  let sum = 0;
  for (const term of terms) {
    const best = Math.max(...fields.map(([words, worth]) => (words.includes(term) ? worth : 0)));
    if (!best) return 0;
    sum += best;
  }
  return sum;
};
// Titles and summaries lie in several files, of which all but the last stay as they are.
const episodesOf = async (places) => {
  const files = await Promise.all(places.episodes.map(async (hash, number) => {
    const name = `episodes-${String(number).padStart(3, "0")}.json`;
    const kept = await fetched(name);
    return kept.is === hash ? kept : fetched(name, true); // published anew meanwhile
  }));
  return files.flatMap(({ episodes }) => episodes);
};
const results = async (query) => {
  const places = await fetched("places.json");
  variants = places.variants;
  const terms = fold(query).split(/\s+/).filter(Boolean);
  if (!terms.length) return null;
  const said = (await Promise.all(terms.map((term) => spokenPlaces(term, places))))
    .reduce((all, those) => new Set([...all].filter((place) => those.has(place))));
  const episodes = [];
  let first = 0;
  for (const episode of await episodesOf(places)) {
    const title = fold(`${episode.title} ${episode.tags ?? ""}`);
    const whole = points(terms, [[title, 8], [fold(episode.summary ?? ""), 4]]);
    const parts = episode.parts.map((part) => {
      const own = [[fold(`${part.title} ${part.tags ?? ""}`), 8], [fold(part.words ?? ""), 4]];
      // The episode's words help a part along, which must have one of the words itself.
      const one = terms.some((term) => own.some(([words]) => words.includes(term)));
      return { ...part, points: one ? points(terms, [...own, [title, 1]]) : 0 };
    }).filter((part) => part.points);
    const seconds = episode.spoken ? numbers(episode.spoken) : [];
    const spoken = seconds.filter((_, place) => said.has(first + place)).map((at) => ({ at, spoken: true, points: 1 }));
    first += seconds.length;
    const score = Math.max(whole, 0, ...parts.map((part) => part.points), ...spoken.map((one) => one.points));
    if (score) episodes.push({ ...episode, score, parts, spoken });
  }
  return { terms, episodes: episodes.sort((one, other) => other.score - one.score || other.n - one.n) };
};

const made = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
};
const clock = (at) => {
  const minutes = Math.floor(at / 60);
  const pair = (number) => String(number).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${pair(at % 60)}` : `${Math.floor(minutes / 60)}:${pair(minutes % 60)}:${pair(at % 60)}`;
};
// Marks what was searched for, letter by letter, since folding may change how many letters there are.
const marked = (words, terms, most = 110) => {
  const letters = Array.from(words);
  const starts = [];
  let folded = "";
  for (const letter of letters) { starts.push(folded.length); folded += fold(letter); }
  const hit = letters.map(() => false);
  for (const term of terms) {
    for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) {
      starts.forEach((start, place) => { if (start >= at && start < at + term.length) hit[place] = true; });
    }
  }
  const first = Math.max(hit.indexOf(true), 0);
  const from = Math.max(first - 24, 0);
  const to = Math.min(letters.length, from + most);
  const pieces = from ? ["…"] : [];
  for (let place = from; place < to;) {
    let end = place;
    while (end < to && hit[end] === hit[place]) end += 1;
    const piece = letters.slice(place, end).join("");
    pieces.push(hit[place] ? made("mark", {}, piece) : piece);
    place = end;
  }
  if (to < letters.length) pieces.push("…");
  return pieces;
};

// The words themselves come from the episode's own page, which the reader is about to open anyway.
const pages = new Map();
const paragraphs = (number, page = "") => {
  if (!pages.has(number)) {
    pages.set(number, new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.responseType = "document";
      request.addEventListener("load", () => {
        const those = request.response?.querySelectorAll(".cues p") ?? [];
        resolve(new Map(Array.from(those, (one) => {
          const words = Array.from(one.querySelectorAll("span"), (span) => span.textContent).join("");
          return [Number(one.querySelector("a").hash.slice(3)), { words, speaker: one.querySelector("b")?.textContent ?? "" }];
        })));
      });
      request.addEventListener("error", reject);
      request.open("GET", `${root}${number}/${page}`);
      request.send();
    }));
  }
  return pages.get(number);
};
const line = (href, at, words, extra = []) => made("li", {}, made("a", { href },
  ...(at === undefined ? [] : [made("span", { class: "time" }, clock(at)), " "]), made("span", {}, ...words)), ...extra);

const shownEpisode = async (episode, terms) => {
  const page = `${root}${episode.n}/`;
  const lines = episode.parts.map((part) => {
    const second = part.at === undefined ? "" : `#t=${part.at}`;
    const answer = part.qa
      ? [made("a", { class: "hint", href: `${root}qa/${part.qa}/`, "aria-label": `${found.dataset.question}: ${part.title}` }, found.dataset.question)]
      : [];
    const words = part.words ? [made("p", {}, ...marked(part.words, terms))] : [];
    return line(`${page}${second}`, part.at, marked(part.title, terms), [...words, ...answer]);
  });
  if (episode.spoken.length) {
    let many = 0;
    const words = await paragraphs(episode.n, episode.page).catch(() => new Map());
    for (const { at } of episode.spoken) {
      const said = words.get(at)?.words ?? "";
      // Pairs of letters may stand apart: only where the words stand together were they said.
      if (many < MOST_SAID && terms.every((term) => fold(said).includes(term))) {
        many += 1;
        lines.push(line(`${page}?transcript#t=${at}`, at, marked(said, terms, 70)));
      }
    }
  }
  if (!lines.length && episode.score <= 1) return null;
  return made("article", { class: "card" },
    made("p", { class: "date" },
      made("span", { class: "number" }, found.dataset.episode.replace("{number}", episode.n)), " ", episode.day),
    made("h2", {}, made("a", { href: page }, ...marked(episode.title, terms))),
    ...(lines.length ? [made("ul", { class: "answers" }, ...lines)] : []));
};

let latest = 0;
const show = async () => {
  const query = field.value;
  const turn = (latest += 1);
  const address = new URL(location.href);
  address.search = query.trim() ? `?${new URLSearchParams({ q: query })}` : "";
  history.replaceState(null, "", address);
  status.textContent = query.trim() ? status.dataset.waiting : "";
  try {
    const answer = await results(query);
    if (turn !== latest) return;
    const rest = answer ? [...answer.episodes] : [];
    const next = async () => {
      const cards = [];
      while (rest.length && cards.length < PAGE) {
        const card = await shownEpisode(rest.shift(), answer.terms);
        if (turn !== latest) return null;
        if (card) cards.push(card);
      }
      return cards;
    };
    const cards = await next();
    if (turn !== latest) return;
    found.replaceChildren(...cards);
    const tell = () => {
      const count = found.children.length + rest.length;
      more.hidden = !rest.length;
      status.textContent = !answer ? "" : count ? status.dataset.some.replace("{count}", count) : status.dataset.none;
    };
    tell();
    more.onclick = async () => {
      const others = await next();
      if (!others) return;
      found.append(...others);
      tell();
      others[0]?.querySelector("a").focus();
    };
  } catch {
    if (turn === latest) status.textContent = status.dataset.failed;
  }
};

let waiting;
field.addEventListener("input", (event) => {
  clearTimeout(waiting);
  if (!event.isComposing) waiting = setTimeout(show, 250);
});
field.addEventListener("compositionend", () => { waiting = setTimeout(show, 50); });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  show();
});
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) show();
