// A button beside each password that shows what was typed: fewer mistakes on a phone, nothing stored.

const sprite = new URL("../icons.svg", import.meta.url);

for (const input of document.querySelectorAll("input[data-password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "password-toggle";
  button.setAttribute("aria-controls", input.id);
  const draw = () => {
    const hidden = input.type === "password";
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#${hidden ? "eye" : "eye-slash"}"></use></svg>`;
    button.setAttribute("aria-label", hidden ? "Hiện mật khẩu" : "Ẩn mật khẩu");
  };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    draw();
    input.focus();
  });
  const frame = document.createElement("div");
  frame.className = "password-frame";
  input.replaceWith(frame);
  frame.append(input, button);
  draw();
  // Browsers offer to keep a password only when it is sent from a password field.
  input.form.addEventListener("submit", () => { input.type = "password"; });
}
