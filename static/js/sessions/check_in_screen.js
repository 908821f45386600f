// Keeps the code on the room's screen new, and the count beside it. Without this module the page loads itself again.

const screen = document.querySelector("[data-code-url]");
const picture = screen.querySelector("[data-picture]");
const trouble = screen.querySelector("[data-trouble]");
const count = screen.querySelector("[data-count]");
const EVERY = 5000; // ms; the code changes every 45 s and is taken a little longer
const PATIENCE = 4; // failures in a row before the old code is taken away

let failures = 0;

async function renew() {
  try {
    const response = await fetch(screen.dataset.codeUrl, { headers: { Accept: "application/json" } });
    const shown = await response.json();
    failures = 0;
    if (!shown.is_open) return stop(trouble.dataset.closed);
    if (picture.src !== shown.picture) picture.src = shown.picture;
    picture.hidden = false;
    trouble.hidden = true;
    count.textContent = count.dataset.text.replace("{present}", shown.present).replace("{expected}", shown.expected);
  } catch {
    failures += 1;
    if (failures >= PATIENCE) stop();
  }
}

function stop(text) {
  if (text) trouble.textContent = text;
  picture.hidden = true;
  trouble.hidden = false;
}

setInterval(renew, EVERY);
