// Copies a text at one press. Where the browser lends no clipboard (plain http) the text is selected for the reader.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-label]");
  text.select();
  label.textContent = (await isCopied(text)) ? button.dataset.done : button.dataset.selected;
}

async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
