// Warns two minutes before the log-in ends by idleness. Nothing on the page is touched; drafts stay as they are.

const WARN = 120; // seconds before the end
const SHORTEST_LIMIT = 15 * 60; // of any role (accounts/idling.py); the server says how long it really is

const dialog = document.querySelector("dialog[data-idle]");
const part = (name) => dialog.querySelector(`[data-idle-${name}]`);
let end = 0;
let ticking;

const secondsLeft = () => Math.round((end - Date.now()) / 1000);
const wait = (seconds) => setTimeout(look, Math.max(1, seconds) * 1000);

async function ask(options) {
  const answer = await fetch(dialog.dataset.idle, { redirect: "manual", ...options });
  return answer.ok ? (await answer.json()).seconds : 0;
}

async function look() {
  let seconds;
  try {
    seconds = await ask({ headers: { "X-Poll": "1" } });
  } catch {
    return wait(30); // no network: the warning is of no use now, saved drafts are
  }
  if (seconds > WARN) return wait(seconds - WARN);
  end = Date.now() + seconds * 1000;
  if (!dialog.open) dialog.showModal();
  ticking = setInterval(tick, 1000);
  tick();
}

function tick() {
  const left = secondsLeft();
  if (left <= 0) return over();
  part("left").textContent = left >= 60 ? `${Math.floor(left / 60)} phút ${left % 60} giây` : `${left} giây`;
}

function over() {
  clearInterval(ticking);
  dialog.querySelector("#idle-text").hidden = true;
  part("stay").hidden = true;
  part("over").hidden = false;
  part("again").hidden = false;
  part("again").focus();
}

async function stay(event) {
  event?.preventDefault();
  event?.stopPropagation();
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  clearInterval(ticking);
  let seconds = 0;
  try {
    seconds = await ask({ method: "POST", headers: { "X-CSRFToken": token } });
  } catch {
    return tick();
  }
  if (!seconds) return over();
  dialog.close();
  wait(seconds - WARN);
}

if (dialog) {
  dialog.querySelector("form").addEventListener("submit", stay);
  dialog.addEventListener("cancel", stay); // Escape: somebody is there
  wait(SHORTEST_LIMIT - WARN);
}
