// Searches the archive as one types. The index is a file of the site; nothing is sent anywhere.
// Without this script the page still has the register below the field.
"use strict";

const form = document.querySelector("form.search");
const field = document.getElementById("query");
const count = document.getElementById("count");
const results = document.getElementById("results");
const most = 50;
let index;

// The same as the program does with the words of the index (SearchWords.swift).
function wordsOf(text) {
  const plain = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

async function load() {
  const answer = await fetch(form.dataset.index);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// The places with a word that begins so; each list holds differences.
function placesOf(beginning) {
  const found = new Set();
  let low = 0;
  let high = index.words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index.words[middle] < beginning) low = middle + 1;
    else high = middle;
  }
  for (; low < index.words.length && index.words[low].startsWith(beginning); low++) {
    let place = 0;
    for (const step of index.places[low]) {
      place += step;
      found.add(place);
    }
  }
  return found;
}

function places(words) {
  const sets = words.map(placesOf);
  const first = sets.shift() ?? new Set();
  return [...first].filter((place) => sets.every((set) => set.has(place))).sort((a, b) => a - b);
}

function show(list) {
  results.replaceChildren(
    ...list.slice(0, most).map((place) => {
      const [number, title, fragment] = index.sections[place];
      const issue = index.issues[number];
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = issue.path + (fragment ? "#" + encodeURIComponent(fragment) : "");
      link.textContent = title ? title + " · " + issue.title : issue.title;
      const time = document.createElement("time");
      time.dateTime = issue.date;
      time.textContent = issue.date;
      item.append(link, " ", time);
      return item;
    }),
  );
}

async function search() {
  const words = wordsOf(field.value);
  if (words.length === 0) {
    results.replaceChildren();
    count.textContent = "";
    return;
  }
  try {
    index ??= await load();
  } catch {
    count.textContent = form.dataset.failed;
    return;
  }
  if (words.join(" ") !== wordsOf(field.value).join(" ")) return;
  const list = places(words);
  show(list);
  count.textContent =
    list.length === 0 ? form.dataset.none : form.dataset.some.replace("{count}", list.length);
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
field.addEventListener("input", search);
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  field.value = asked;
  search();
}
