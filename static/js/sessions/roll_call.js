// Saves marks as they are made. Without this module the page is a plain form that does the same in more taps.

import { saving } from "./saving.js";
import { keys } from "./roll_keys.js";

const form = document.querySelector("[data-roll-call]");
const lines = [...form.querySelectorAll("[data-line]")];
const field = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
const base = JSON.parse(field("base").value);
const trouble = form.querySelector("[data-trouble]");
const LOOK = 5000; // ms between looks at what others, and members themselves, have marked

// ---- what stands on the page ----

const keyOf = (line) => line.dataset.line;
const chosen = (line, part) => line.querySelector(`input[name="${part}-${keyOf(line)}"]:checked`)?.value ?? "";
const typed = (line) => line.querySelector(`input[name="other-${keyOf(line)}"]`);

function read(line) {
  const mark = chosen(line, "mark");
  if (mark !== "excused") return [mark, ""];
  const chip = chosen(line, "reason");
  return [mark, chip && chip !== "other" ? chip : typed(line).value.trim()];
}

function show(line, [mark, reason]) {
  for (const radio of line.querySelectorAll(`input[name="mark-${keyOf(line)}"]`)) radio.checked = radio.value === mark;
  if (!typed(line)) return;
  const chips = [...line.querySelectorAll(`input[name="reason-${keyOf(line)}"]`)];
  const fixed = chips.find((chip) => chip.value === reason && chip.value !== "other");
  for (const chip of chips) chip.checked = reason !== "" && (fixed ? chip === fixed : chip.value === "other");
  typed(line).value = fixed ? "" : reason;
}

const same = (one, other) => one[0] === other[0] && one[1] === other[1];
const known = (line) => base[keyOf(line)] ?? ["", ""];
const changed = () => lines.filter((line) => !same(read(line), known(line)));

function count() {
  const marks = lines.filter((line) => "expected" in line.dataset).map((line) => read(line)[0]);
  const present = marks.filter((mark) => mark.startsWith("present")).length;
  const done = marks.filter(Boolean).length;
  fill("[data-counts]", { done, total: marks.length });
  fill("[data-split]", { present, absent: done - present });
  const all = form.querySelector("[data-all-present]");
  all.disabled = done === marks.length;
  stress(all, done === 0);
  stress(form.querySelector("[data-next]"), done === marks.length);
  const label = all.querySelector("[data-all-label]");
  if (done > 0) label.textContent = all.disabled ? label.dataset.all : label.dataset.rest;
}

function stress(button, isNextStep) {
  button.classList.toggle("btn-primary", isNextStep);
  button.classList.toggle("btn-outline-primary", !isNextStep);
}

function fill(selector, values) {
  const place = form.querySelector(selector);
  place.textContent = place.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// ---- saving ----

function fillIn(body, touched) {
  body.set("version", field("version").value);
  body.set("base", JSON.stringify(Object.fromEntries(touched.map((line) => [keyOf(line), known(line)]))));
  for (const line of touched) {
    const [mark, reason] = read(line);
    body.set(`mark-${keyOf(line)}`, mark);
    if (reason) body.set(`other-${keyOf(line)}`, reason);
  }
}

function take(answer, body) {
  let isBehind = false; // somebody else marked a person whom somebody here is marking just now
  for (const line of lines) {
    const theirs = answer.marks[keyOf(line)] ?? known(line);
    if (same(read(line), known(line))) show(line, theirs); // untouched here, so what others saved is shown
    else if (!body.has(`mark-${keyOf(line)}`)) {
      isBehind ||= !same(theirs, known(line));
      continue;
    }
    base[keyOf(line)] = theirs;
  }
  if (!isBehind) field("version").value = answer.version; // else the server is to compare
  field("base").value = JSON.stringify(base);
  if (answer.base) [form.querySelector("[data-base]").textContent, form.querySelector("[data-base-text]").textContent] = answer.base;
  count();
}

function clashing({ people }) {
  form.querySelector("[data-save]").hidden = false;
  return people && `${trouble.dataset.conflict} ${people.join(", ")}.`;
}

const saver = saving(form, { soon: 700, atLast: 2000, changed, fill: fillIn, take, clashing });
const { here } = saver;

// Members who mark themselves by the code, and another minute-taker, appear by themselves.
setInterval(async () => {
  if (!saver.isIdle() || document.visibilityState === "hidden") return;
  const response = await fetch(form.dataset.savedUrl, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const answer = await response.json();
  if (saver.isIdle()) take(answer, new FormData());
}, LOOK);

// ---- what people do ----

function touched() {
  saver.tell("");
  count();
  saver.soon();
}

form.addEventListener("input", touched);

form.addEventListener("change", (event) => {
  if (event.target.matches(".chip-other input")) typed(event.target.closest("[data-line]")).focus();
});

form.addEventListener("submit", async (event) => {
  here.isLeaving ||= here.isClashing; // the next page shows both versions
  if (here.isLeaving) return;
  event.preventDefault();
  if (event.submitter?.name === "all_present") return allPresent();
  if (!(await saver.saveAll()) && !here.isClashing) return;
  here.isLeaving = true;
  // Where all was saved already, this event is not over yet, and a form sent within its own sending is not sent.
  setTimeout(() => form.requestSubmit(event.submitter));
});

function allPresent() {
  const usual = form.querySelector("[data-all-present]").dataset.allPresent;
  for (const line of lines) {
    if ("expected" in line.dataset && !read(line)[0]) show(line, [usual, ""]);
  }
  count();
  saver.soon(0);
  // The button is done with; the keyboard goes on where the exceptions are.
  lines[0]?.querySelector("input:checked")?.focus({ preventScroll: true });
}

keys(form, lines, touched);
form.querySelector("[data-save]").hidden = true;
count();
if (changed().length) saver.soon(0); // after an error or a reload the browser may have kept marks
