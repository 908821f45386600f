// What every page does: leads to the errors of a form, closes open menus, keeps a form from being sent twice.

document.querySelector("[data-error-summary]")?.focus();

const menus = () => document.querySelectorAll("details.user-menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The server carries a form out once whatever happens; this only shows that the first tap was heard.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, 8000); // the answer was a file, or never came
});

// Back from the next page: the form may be sent again.
addEventListener("pageshow", release);

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy=true]")) button.removeAttribute("aria-busy");
}
