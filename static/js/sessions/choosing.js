// Asks for a choice in the page's own words; browsers would ask in the language they were installed in.

const radios = [...document.querySelectorAll("[data-required]")];
const group = (radio) => radios.filter((other) => other.name === radio.name);

for (const radio of radios) {
  radio.addEventListener("invalid", () => radio.setCustomValidity(radio.dataset.required));
  radio.addEventListener("change", () => group(radio).forEach((other) => other.setCustomValidity("")));
}
