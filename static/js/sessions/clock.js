// Buttons that fill in a time: now, or so many minutes after the start.

const twoDigits = (number) => String(number).padStart(2, "0");

function minutesOf(text) {
  const found = text.match(/^\s*(\d{1,2})\s*(?:[:hHgG.]\s*(\d{2})?|(\d{2}))?\s*$/);
  return found ? Number(found[1]) * 60 + Number(found[2] ?? found[3] ?? 0) : null;
}

function now() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
}

for (const help of document.querySelectorAll("[data-clock]")) {
  const end = document.getElementById(help.dataset.clock);
  const start = document.getElementById(help.dataset.from);
  help.hidden = false;
  help.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if ("now" in button.dataset) {
      end.value = now();
      return;
    }
    const begun = minutesOf(start.value);
    if (begun === null) {
      start.focus();
      return;
    }
    const minutes = Math.min(begun + Number(button.dataset.minutes), 24 * 60 - 1);
    end.value = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
  });
}
