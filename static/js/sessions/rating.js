// Shows what follows from what was just saved: points of a line, total and level. The server works them out.

const form = document.querySelector("[data-record]");

form.addEventListener("record:saved", ({ detail: { lines, verdict, cap } }) => {
  for (const [position, { points, explanation }] of Object.entries(lines)) {
    const line = form.querySelector(`[data-line="${position}"]`);
    const shown = line.querySelector("[data-points]");
    if (shown) shown.textContent = points;
    line.querySelector("[data-explanation]").textContent = explanation;
  }
  form.querySelector("[data-verdict]").textContent = verdict;
  const place = form.querySelector("[data-cap]");
  place.textContent = cap;
  place.hidden = !cap;
});
