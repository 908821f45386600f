// A cut-off belongs to the period it was shown with: whoever chooses another period did not mean to keep it.

for (const until of document.querySelectorAll("#id_until")) {
  const { span, year } = until.form.elements;
  for (const choice of [span, year]) {
    choice?.addEventListener("change", () => {
      if (until.value === until.defaultValue) until.value = "";
    });
  }
}
