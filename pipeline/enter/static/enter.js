"use strict";
// The curator's page. All that is shown comes from the server as HTML that it has escaped; this
// script puts it in its place, sends rows, and knows the keys.

const token = document.querySelector("meta[name=token]").content;
const said = document.getElementById("said");
const place = (id) => document.getElementById(id);
const row = () => place("row");
let chosen = "";
let asked = 0;
let saved = "";
let isAway = false;
let pending = 0;
let leaving = false;
const FAILED = "The server has failed at this passage, as its terminal tells; others can be entered.";
const AWAY = "The server does not answer. What was accepted is in the files.";

function say(words, isBad = false) {
  said.textContent = words;
  said.classList.toggle("bad", isBad);
}

// --- what the server says of the source ---

async function listen() {
  for (let number = -1; ;) {
    try {
      const answer = await fetch("verdicts?after=" + number);
      if (answer.status === 200) {
        const told = await answer.json();
        number = told.number;
        hear(told);
      }
      if (isAway) say("");
      isAway = false;
    } catch {
      isAway = true;
      number = -1;  // another start of the server counts anew
      say(AWAY, true);
      await new Promise((wake) => setTimeout(wake, 1000));
    }
  }
}

function hear(told) {
  if (told.text) {
    place("text").innerHTML = told.text;
    mark();
    if (!row() && !place("form").innerHTML) first();
  }
  if (told.progress) {
    place("mend").innerHTML = told.mend;
    place("progress").innerHTML = told.progress;
  }
  document.body.dataset.number = told.number;
  document.body.dataset.part = told.is_settled ? "settled" : told.part;
  if (told.trouble) say(`The checks have ended with ${told.trouble}; facts check may tell more.`, true);
  if (told.wrong[saved]) say(`${saved}: expected ${told.wrong[saved]}`, true);
}

// --- forms ---

async function ask(address, sent) {
  const mine = ++asked;
  let answer;
  pending += 1;
  try {
    const options = sent === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Facts-Token": token },
      body: JSON.stringify(sent),
    };
    answer = await fetch(address, options);
    const told = await answer.json();
    if (told.said || sent !== undefined) say(told.said, !answer.ok);
    if (told.place) {
      saved = told.place;
      document.body.dataset.part = "";  // what is shown of the checks is not of this row yet
    }
    object(told);
    if (told.form !== undefined && mine === asked) show(told);
    return answer.ok;
  } catch {
    say(answer ? FAILED : AWAY, true);
    return false;
  } finally {
    pending -= 1;
  }
}

// what the checks say against a row that is not written yet
function object(told) {
  const list = place("against");
  if (!list || !told.against) return;
  list.replaceChildren(...told.against.map((words) => {
    const item = document.createElement("li");
    item.textContent = words;
    return item;
  }));
  list.hidden = false;
  if (told.again) row().dataset.anyway = "yes";
}

function show(told) {
  place("form").innerHTML = told.form;
  chosen = told.key || "";
  mark();
  const needed = told.needs && document.getElementsByName(told.needs)[0];
  const first = needed || place("accept");
  if (first) first.focus();
  document.body.dataset.shown = asked;
}

const isTyped = () => row() && [...row().querySelectorAll("input")].some(
  (input) => input.value !== input.dataset.proposed);

// another form in place of this one; of cells that were typed it is asked first
function form(given) {
  if (isTyped() && !leaving) {
    leaving = true;
    say("What was typed is not saved. Once more leaves it; Enter in a cell saves it.", true);
    return undefined;
  }
  leaving = false;
  return ask("form?" + new URLSearchParams(given));
}
const first = () => form({});

function mark() {
  for (const one of document.querySelectorAll(".chosen")) one.classList.remove("chosen");
  const of = element(chosen);
  if (!of) return;
  of.classList.add("chosen");
  of.scrollIntoView({ block: "nearest" });
}

const element = (key) => key && document.querySelector(
  key[0] === "s" ? `[data-sentence="${key}"]` : `[data-key="${key}"]`);

function cells() {
  const all = {};
  for (const input of row().querySelectorAll("input")) all[input.name] = value(input);
  return all;
}

async function save() {
  if (pending || !row()) return;  // the row that is shown may be about to go
  const { file, key, before, line, anyway } = row().dataset;
  const sent = { file, key, cells: cells(), anyway: anyway === "yes" };
  if (before !== undefined) Object.assign(sent, { before, line: Number(line) });
  leaving = false;
  const left = row().left;
  if (await ask("rows", sent) && left) await goBack(left);
}

// to the row from which a code was added, with all that was typed in it
async function goBack({ given, typed }) {
  await ask("form?" + new URLSearchParams(given));
  for (const [name, cell] of Object.entries(typed)) {
    const input = row() && row().elements[name];
    if (input) input.value = cell;
  }
}

function remove() {
  const { file, before, line } = row().dataset;
  return ask("rows", { file, before, line: Number(line), cells: null });
}

// --- the next passage and the one before ---

function step(by, passages) {
  const all = [...document.querySelectorAll(passages)].map(
    (one) => one.dataset.key || one.dataset.sentence);
  if (!all.length) return first();
  const start = (key) => Number(key.slice(1));
  const sorted = all.sort((a, b) => start(a) - start(b));
  const here = chosen ? start(chosen) : -1;
  const following = by > 0 ? sorted.find((key) => start(key) > here)
    : sorted.findLast((key) => start(key) < here);
  return form({ key: following || sorted.at(by > 0 ? 0 : -1) });
}

// --- completion: the first code, or words of the quote, that begin as what is typed ---

const completions = (input) => JSON.parse(input.dataset.completions || "[]");

function value(input) {
  return input.dataset.instead || input.value;
}

function complete(event) {
  const input = event.target;
  if (row()) delete row().dataset.anyway;
  delete input.dataset.instead;
  if (event.inputType && event.inputType.startsWith("delete")) return hint(input, "");
  const typed = input.value;
  if (!typed) return hint(input, "");
  const all = completions(input);
  const lower = typed.toLowerCase();
  const code = all.find(([one]) => one.toLowerCase() === lower)
    || all.find(([one]) => one.toLowerCase().startsWith(lower));
  if (code) {
    input.value = typed + code[0].slice(typed.length);
    input.setSelectionRange(typed.length, input.value.length);
    return hint(input, code[1]);
  }
  const label = all.find(([, words]) => words.toLowerCase().includes(lower));
  if (label) {
    input.dataset.instead = label[0];
    return hint(input, `${label[0]}: ${label[1]}`);
  }
  const list = input.dataset.list;
  if (list && all.length) return hint(input, "", list);
  return hint(input, "");
}

function hint(input, words, list = "") {
  const why = place(`why-${input.name}`);
  why.textContent = words;
  if (!list) return;
  const add = document.createElement("button");
  add.type = "button";
  add.className = "link";
  add.textContent = `Add ${input.value} to ${list}.csv`;
  add.dataset.list = list;
  add.dataset.code = input.value;
  why.append(add);
}

function settle(event) {
  const input = event.target;
  if (!input.dataset || !input.dataset.instead) return;
  input.value = input.dataset.instead;
  delete input.dataset.instead;
}

// --- the selected words as a cell ---

function take(name) {
  const words = String(getSelection()).split(/\s+/).join(" ").trim();
  const input = row() && row().elements[name];
  if (!input || !words) return;
  input.value = words;
  place("accept").focus();
}

// --- events ---

document.addEventListener("submit", (event) => { event.preventDefault(); save(); });
document.addEventListener("input", complete);
document.addEventListener("focusout", settle);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) {
    const sentence = event.target.closest("[data-sentence]");
    if (sentence && !String(getSelection())) form({ key: sentence.dataset.sentence });
    return;
  }
  const { key, choice, file, list, line } = button.dataset;
  if (key) form({ key });
  else if (list) addCode(list, button.dataset.code);
  else if (choice) form({ key: chosen, file: row().dataset.kind, choice });
  else if (line) form({ file, line });
  else if (file) form({ key: chosen, file });
  else if (button.dataset.do === "delete") remove();
  else if (button.dataset.do === "undo") ask("undo", {});
});

async function addCode(list, code) {
  const { key, kind } = row().dataset;
  const left = { given: { key, file: kind }, typed: cells() };
  await ask("form?" + new URLSearchParams({ list, code }));
  if (row()) row().left = left;
}

addEventListener("beforeunload", (event) => { if (isTyped()) event.preventDefault(); });

const KEYS = {
  f: () => form({ key: chosen, file: "observations" }),
  e: () => form({ key: chosen, file: "events" }),
  s: () => form({ key: chosen, file: "statements" }),
  w: () => form({ key: chosen, file: "waivers" }),
  r: () => form({ key: chosen, file: "readings" }),
  n: () => step(1, ".mention.open"),
  p: () => step(-1, ".mention.open"),
  arrowdown: () => step(1, ".mention.open, .sentence.bare"),
  arrowup: () => step(-1, ".mention.open, .sentence.bare"),
  q: () => take("quote"),
  l: () => take("label_quote"),
  u: () => ask("undo", {}),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.tagName === "INPUT") {
    if (event.key === "Escape") place("accept").focus();
    return;
  }
  if (/^[1-9]$/.test(event.key) && row() && chosen) {
    event.preventDefault();
    form({ key: chosen, file: row().dataset.kind, choice: Number(event.key) - 1 });
  } else if (event.key === "Enter" && pending) {
    event.preventDefault();  // the form that it was meant for is going
  } else if (Object.hasOwn(KEYS, event.key.toLowerCase())) {
    event.preventDefault();
    KEYS[event.key.toLowerCase()]();
  }
});

listen();
