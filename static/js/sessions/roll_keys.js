// Keys of the roll-call at a desk, as in the paper book: V is a tick, P leave (phép), KP without leave; see the legend.

const MARKS = { v: "present", t: "present_online", p: "excused", k: "unexcused" };
const TOGETHER = 900; // ms between the two keys of KP

export function keys(form, lines, touched) {
  const legend = form.querySelector("[data-keys]");
  let lastK = 0;
  legend.hidden = false;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const line = currentLine();
    if (key === "arrowdown" || key === "arrowup") {
      if (!line || !isOnALine(event.target)) return;
      focusOn(neighbour(line, key === "arrowdown" ? 1 : -1));
    } else if (key === "p" && Date.now() - lastK < TOGETHER) lastK = 0; // the second key of KP
    else if (key in MARKS) {
      if (!choose(line, `input[name^="mark-"][value="${MARKS[key]}"]`)) return;
      lastK = key === "k" ? Date.now() : 0;
      focusOn(key === "p" ? line : neighbour(line, 1)); // after P comes the reason
    } else if (/^[1-4]$/.test(key)) {
      if (!line?.querySelector('input[value="excused"]:checked')) return;
      choose(line, `.chip-fixed:nth-of-type(${key}) input`);
      focusOn(neighbour(line, 1));
    } else return;
    event.preventDefault();
  });

  const isTyping = (element) => element.matches("input[type=text], textarea, select");
  const isOnALine = (element) => element === document.body || element.closest("[data-line]");

  // The one with the focus, or the first that bears no mark yet.
  function currentLine() {
    const unmarked = () => lines.find((line) => !line.querySelector('input[name^="mark-"]:checked'));
    return document.activeElement.closest("[data-line]") ?? unmarked() ?? lines[0];
  }

  const neighbour = (line, step) => lines.filter(isShown)[lines.filter(isShown).indexOf(line) + step] ?? line;
  const isShown = (line) => line.checkVisibility();

  function choose(line, selector) {
    const input = line?.querySelector(selector);
    if (!input) return false;
    input.checked = true;
    touched();
    return true;
  }

  function focusOn(line) {
    const marks = [...line.querySelectorAll('input[name^="mark-"]')];
    (marks.find((input) => input.checked) ?? marks[0]).focus();
    line.scrollIntoView({ block: "nearest" });
  }
}
