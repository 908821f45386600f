// Saves marks as they are made. Without this module the page is a plain form that does the same in more taps.

const form = document.querySelector("[data-roll-call]");
const lines = [...form.querySelectorAll("[data-line]")];
const field = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
const base = JSON.parse(field("base").value);
const trouble = form.querySelector("[data-trouble]");
const SOON = 700; // ms after a change
const AGAIN = 3000; // ms after a failure

let timer = null;
let running = null;
let retry = null; // the same attempt is sent with the same key, so that it counts once
let isClashing = false;
let isLeaving = false;

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

function tell(state) {
  const place = form.querySelector("[data-saved]");
  const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  place.textContent = { saving: place.dataset.saving, done: `${place.dataset.done} ${now}`, failed: place.dataset.failed }[state] ?? "";
}

// ---- saving ----

function soon(delay = SOON) {
  if (isClashing) return;
  timer ??= setTimeout(() => { timer = null; save(); }, delay);
}

// One at a time; true when the server has everything that stood on the page when it was asked.
async function save() {
  clearTimeout(timer);
  timer = null;
  while (running) await running;
  running = attempt();
  const isSaved = await running.finally(() => { running = null; });
  if (isSaved && changed().length) {
    tell("");
    soon();
  }
  return isSaved;
}

async function attempt() {
  tell("saving");
  try {
    const body = retry ?? compose();
    retry = body;
    let response = await send(body);
    if (response.status === 403 && (await renewToken(body))) response = await send(body);
    return await take(response);
  } catch {
    tell("failed");
    soon(AGAIN);
    return false;
  }
}

function compose() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
  body.set("form_key", newKey());
  body.set("version", field("version").value);
  const touched = changed();
  body.set("base", JSON.stringify(Object.fromEntries(touched.map((line) => [keyOf(line), known(line)]))));
  for (const line of touched) {
    const [mark, reason] = read(line);
    body.set(`mark-${keyOf(line)}`, mark);
    if (reason) body.set(`other-${keyOf(line)}`, reason);
  }
  return body;
}

const send = (body) => fetch(form.dataset.draftUrl, { method: "POST", body, headers: { Accept: "application/json" } });
const isJson = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/json");

async function take(response) {
  if (response.status >= 500) throw new Error("busy");
  if (!isJson(response)) return expired();
  retry = null;
  const answer = await response.json();
  if (!response.ok) return clash(answer);
  for (const line of lines) {
    const theirs = answer.marks[keyOf(line)] ?? known(line);
    if (same(read(line), known(line))) show(line, theirs); // untouched here, so what others saved is shown
    base[keyOf(line)] = theirs;
  }
  field("version").value = answer.version;
  field("base").value = JSON.stringify(base);
  trouble.hidden = true;
  count();
  tell("done");
  return true;
}

// A log-in in another tab changes the token of every form; the page itself knows the new one.
async function renewToken(body) {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = fresh.querySelector("[data-roll-call] input[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  body.set("csrfmiddlewaretoken", token);
  return true;
}

function expired() {
  tell("");
  const link = document.createElement("a");
  link.href = trouble.dataset.loginUrl;
  link.target = "_blank";
  link.textContent = trouble.dataset.login;
  complain(trouble.dataset.expired, link);
  return false;
}

function clash({ problem, people }) {
  isClashing = true;
  form.querySelector("[data-save]").hidden = false;
  complain(people ? `${trouble.dataset.conflict} ${people.join(", ")}.` : problem);
  tell("");
  return false;
}

function complain(text, ...more) {
  const sentence = document.createElement("span");
  sentence.textContent = text;
  trouble.replaceChildren(sentence, ...more);
  trouble.hidden = false;
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- what people do ----

form.addEventListener("input", () => {
  retry = null;
  tell("");
  count();
  soon();
});

form.addEventListener("change", (event) => {
  if (event.target.matches(".chip-other input")) typed(event.target.closest("[data-line]")).focus();
});

form.addEventListener("submit", async (event) => {
  isLeaving ||= isClashing; // the next page shows both versions
  if (isLeaving) return;
  event.preventDefault();
  if (event.submitter?.name === "all_present") return allPresent();
  retry = null;
  if (!(await save()) && !isClashing) return;
  isLeaving = true;
  form.requestSubmit(event.submitter);
});

function allPresent() {
  const usual = form.querySelector("[data-all-present]").dataset.allPresent;
  for (const line of lines) {
    if ("expected" in line.dataset && !read(line)[0]) show(line, [usual, ""]);
  }
  retry = null;
  count();
  soon(0);
  // The button is done with; the keyboard goes on where the exceptions are.
  lines[0]?.querySelector("input:checked")?.focus({ preventScroll: true });
}

addEventListener("pageshow", () => { isLeaving = false; });
addEventListener("focus", () => { if (!trouble.hidden && !isClashing) save(); });
addEventListener("beforeunload", (event) => { if (!isLeaving && changed().length) event.preventDefault(); });

form.querySelector("[data-save]").hidden = true;
form.dataset.live = "yes";
count();
if (changed().length) soon(0); // after an error or a reload the browser may have kept marks
