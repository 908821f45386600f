// Saves a form while people work on it: one attempt at a time, each with its own key. An attempt without an answer is
// sent again before anything newer: perhaps it did arrive, and what follows must not conflict with it.
//
// page: soon, atLast (ms after the last and after the first change), changed() -> what is not saved, fill(body, changed),
// take(answer, body), clashing(answer) -> text, done() -> which word to show when all is saved.

const AGAIN = 3000; // ms after a failure

export function saving(form, page) {
  const trouble = form.querySelector("[data-trouble]");
  const said = form.querySelector("[data-saved]");
  const hidden = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
  const here = { isClashing: false, isLeaving: false };
  let timer = null;
  let first = null; // when the oldest unsaved change was made
  let running = null;
  let retry = null;

  const isSettled = () => !retry && !page.changed().length;

  function tell(state) {
    const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    const texts = { ...said.dataset, done: `${said.dataset.done} ${now}` };
    said.textContent = texts[state] ?? "";
  }

  function soon(delay = page.soon) {
    if (here.isClashing) return;
    first ??= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(delay, first + page.atLast - Date.now())));
  }

  // True when the server has everything that stood on the page when it was asked.
  async function save() {
    clearTimeout(timer);
    timer = first = null;
    while (running) await running;
    if (isSettled()) return true;
    running = attempt();
    const isSaved = await running.finally(() => { running = null; });
    if (isSaved && page.changed().length) {
      tell("");
      soon();
    }
    return isSaved;
  }

  async function saveAll() {
    while (!isSettled()) if (!(await save())) return false;
    return true;
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
    body.set("csrfmiddlewaretoken", hidden("csrfmiddlewaretoken").value);
    body.set("form_key", newKey());
    page.fill(body, page.changed());
    return body;
  }

  const send = (body, options) =>
    fetch(form.dataset.draftUrl, { method: "POST", body, headers: { Accept: "application/json" }, ...options });

  async function take(response, body) {
    if (response.status >= 500) throw new Error("busy");
    if (!isJson(response)) return expired();
    retry = null;
    const answer = await response.json();
    if (response.status === 422) return complain(answer.problem);
    if (!response.ok) return clash(answer);
    page.take(answer, body);
    trouble.hidden = true;
    tell(page.done?.() ?? "done");
    return true;
  }

  // A log-in in another tab changes the token of every form; the page itself knows the new one.
  async function renewToken(body) {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = fresh.querySelector("main form input[name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
    body.set("csrfmiddlewaretoken", token);
    return true;
  }

  function expired() {
    const link = document.createElement("a");
    link.href = trouble.dataset.loginUrl;
    link.target = "_blank";
    link.textContent = trouble.dataset.login;
    return complain(trouble.dataset.expired, link);
  }

  function clash(answer) {
    here.isClashing = true;
    return complain(page.clashing(answer) ?? answer.problem);
  }

  function complain(text, ...more) {
    const sentence = document.createElement("span");
    sentence.textContent = text;
    trouble.replaceChildren(sentence, ...more);
    trouble.hidden = false;
    tell("");
    return false;
  }

  // A tab that is closed or put away sends what is left; a phone may never wake it again.
  function sendLeft() {
    if (here.isClashing || here.isLeaving || running || isSettled()) return;
    retry ??= compose();
    send(retry, { keepalive: true });
  }

  addEventListener("pagehide", sendLeft);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? sendLeft() : retry && save()));
  addEventListener("pageshow", () => { here.isLeaving = false; });
  addEventListener("focus", () => { if (!trouble.hidden && !here.isClashing) save(); });
  addEventListener("beforeunload", (event) => { if (!here.isLeaving && page.changed().length) event.preventDefault(); });

  form.dataset.live = "yes";
  return { here, tell, soon, save, saveAll, isIdle: () => !running && !timer && isSettled() && !here.isClashing };
}

const isJson = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/json");

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
