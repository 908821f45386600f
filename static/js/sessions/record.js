// Saves what is written of a session as it is written. Without this module the page is a plain form with a button.

const form = document.querySelector("[data-record]");
const trouble = form.querySelector("[data-trouble]");
const names = [...new Set([...form.querySelectorAll("[data-field]")].map((field) => field.name))];
const hidden = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
const tokens = JSON.parse(hidden("base").value); // of the texts as the server holds them
const SOON = 1200; // ms after the last key
const AT_LAST = 5000; // ms of typing without a pause
const AGAIN = 3000; // ms after a failure

let timer = null;
let first = null; // when the oldest unsaved key was struck
let running = null;
let retry = null; // an attempt without an answer comes first, with its own key: perhaps it did arrive
let isClashing = false;
let isLeaving = false;

// ---- what stands on the page ----

const fieldsOf = (name) => [...form.querySelectorAll(`[data-field][name="${name}"]`)];

function read(name) {
  const fields = fieldsOf(name);
  return fields[0].type === "radio" ? fields.find((field) => field.checked)?.value ?? "" : fields[0].value;
}

function show(name, text) {
  for (const field of fieldsOf(name)) {
    if (field.type === "radio") field.checked = field.value === text;
    else field.value = text;
  }
}

const sent = Object.fromEntries(names.map((name) => [name, initial(name)]));

// What the server wrote into the page: a browser that restores a page fills in more.
function initial(name) {
  const fields = fieldsOf(name);
  if (fields[0].type === "radio") return fields.find((field) => field.defaultChecked)?.value ?? "";
  return fields[0].defaultValue;
}

const changed = () => names.filter((name) => read(name) !== sent[name] && !lacksReason(name));

// A task that was dropped waits for the reason; the rest of the page does not.
function lacksReason(name) {
  if (!name.startsWith("task-")) return false;
  const task = name.replace(/-(state|result)$/, "");
  return read(`${task}-state`) === "dropped" && !read(`${task}-result`).trim();
}

function tell(state) {
  const place = form.querySelector("[data-saved]");
  const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  const texts = { saving: place.dataset.saving, done: `${place.dataset.done} ${now}`, failed: place.dataset.failed, waiting: place.dataset.waiting };
  place.textContent = texts[state] ?? "";
}

// ---- saving ----

function soon(delay) {
  if (isClashing) return;
  first ??= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(delay, first + AT_LAST - Date.now())));
}

// One at a time; true when the server has everything that stood on the page when it was asked.
async function save() {
  clearTimeout(timer);
  timer = first = null;
  while (running) await running;
  if (!changed().length && !retry) return true;
  running = attempt();
  const isSaved = await running.finally(() => { running = null; });
  if (isSaved && changed().length) soon(SOON);
  return isSaved;
}

async function attempt() {
  tell("saving");
  const body = retry ?? compose();
  retry = body;
  try {
    let response = await send(body);
    if (response.status === 403 && (await renewToken(body))) response = await send(body);
    return await take(response, body);
  } catch {
    tell("failed");
    soon(AGAIN);
    return false;
  }
}

function compose() {
  const body = new FormData();
  const touched = changed();
  body.set("csrfmiddlewaretoken", hidden("csrfmiddlewaretoken").value);
  body.set("form_key", newKey());
  body.set("base", JSON.stringify(Object.fromEntries(touched.map((name) => [name, tokens[name]]))));
  for (const name of touched) body.set(name, read(name));
  return body;
}

const send = (body) => fetch(form.dataset.draftUrl, { method: "POST", body, headers: { Accept: "application/json" } });
const isJson = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/json");

async function take(response, body) {
  if (response.status >= 500) throw new Error("busy");
  if (!isJson(response)) return expired();
  retry = null;
  const answer = await response.json();
  if (response.status === 422) return refused(answer);
  if (!response.ok) return clash(answer);
  for (const name of names) {
    if (!(name in answer.tokens)) continue;
    if (body.has(name)) sent[name] = body.get(name).replaceAll("\r\n", "\n");
    else if (read(name) !== sent[name]) continue; // written here meanwhile, based on what stood here before
    else if (tokens[name] !== answer.tokens[name]) {
      show(name, answer.values[name]); // untouched here, so what others saved is shown
      sent[name] = read(name);
    }
    tokens[name] = answer.tokens[name];
  }
  hidden("base").value = JSON.stringify(tokens);
  trouble.hidden = true;
  tell(names.some(lacksReason) ? "waiting" : "done");
  return true;
}

// A log-in in another tab changes the token of every form; the page itself knows the new one.
async function renewToken(body) {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = fresh.querySelector("[data-record] input[name=csrfmiddlewaretoken]")?.value;
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

function refused({ problem }) {
  tell("");
  complain(problem);
  return false;
}

function clash({ problem, fields }) {
  isClashing = true;
  complain(fields ? `${trouble.dataset.conflict} ${fields.join(", ")}.` : problem);
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
  tell(names.some(lacksReason) ? "waiting" : "");
  soon(SOON);
});

form.addEventListener("change", () => soon(300));

form.addEventListener("submit", async (event) => {
  if (isLeaving || isClashing) {
    isLeaving = true; // the next page shows both versions
    return;
  }
  event.preventDefault();
  while (retry || changed().length) if (!(await save())) break;
  if (!isClashing && !names.some(lacksReason)) return; // saved, so there is nowhere to go; or it says why not
  isLeaving = true;
  form.requestSubmit(event.submitter);
});

// A tab that is closed or put away sends what is left; a phone may never wake it again.
function sendLeft() {
  if (isClashing || isLeaving || running || !changed().length) return;
  fetch(form.dataset.draftUrl, { method: "POST", body: retry ?? (retry = compose()), keepalive: true });
}

addEventListener("pagehide", sendLeft);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" ? sendLeft() : retry && save());
addEventListener("pageshow", () => { isLeaving = false; });
addEventListener("focus", () => { if (!trouble.hidden && !isClashing) save(); });
addEventListener("beforeunload", (event) => { if (!isLeaving && changed().length) event.preventDefault(); });

form.dataset.live = "yes";
if (changed().length) soon(0); // after an error or a reload the browser may have kept words
