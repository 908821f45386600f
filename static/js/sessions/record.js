// Saves what is written of a session as it is written. Without this module the page is a plain form with a button.

import { saving } from "./saving.js";

const form = document.querySelector("[data-record]");
const trouble = form.querySelector("[data-trouble]");
const names = [...new Set([...form.querySelectorAll("[data-field]")].map((field) => field.name))];
const hidden = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
const tokens = JSON.parse(hidden("base").value); // of the texts as the server holds them

// ---- what stands on the page ----

const fieldsOf = (name) => [...form.querySelectorAll(`[data-field][name="${name}"]`)];

function read(name) {
  const fields = fieldsOf(name);
  return fields[0].type === "radio" ? fields.find((field) => field.checked)?.value ?? "" : fields[0].value;
}

function show(name, text) {
  for (const field of fieldsOf(name)) {
    if (field.type === "radio") field.checked = field.value === text;
    else field.value = text;
  }
}

const sent = Object.fromEntries(names.map((name) => [name, initial(name)]));

// What the server wrote into the page: a browser that restores a page fills in more.
function initial(name) {
  const fields = fieldsOf(name);
  if (fields[0].type === "radio") return fields.find((field) => field.defaultChecked)?.value ?? "";
  return fields[0].defaultValue;
}

const changed = () => names.filter((name) => read(name) !== sent[name] && !lacksReason(name));

// A task that was dropped waits for the reason; the rest of the page does not.
function lacksReason(name) {
  if (!name.startsWith("task-")) return false;
  const task = name.replace(/-(state|result)$/, "");
  return read(`${task}-state`) === "dropped" && !read(`${task}-result`).trim();
}

// ---- saving ----

function fill(body, touched) {
  body.set("base", JSON.stringify(Object.fromEntries(touched.map((name) => [name, tokens[name]]))));
  for (const name of touched) body.set(name, read(name));
}

function take(answer, body) {
  for (const name of names) {
    if (!(name in answer.tokens)) continue;
    if (body.has(name)) sent[name] = body.get(name).replaceAll("\r\n", "\n");
    else if (read(name) !== sent[name]) continue; // written here meanwhile, based on what stood here before
    else if (tokens[name] !== answer.tokens[name]) {
      show(name, answer.values[name]); // untouched here, so what others saved is shown
      sent[name] = read(name);
    }
    tokens[name] = answer.tokens[name];
  }
  hidden("base").value = JSON.stringify(tokens);
  form.dispatchEvent(new CustomEvent("record:saved", { detail: answer }));
}

const saver = saving(form, {
  soon: 1200, // ms after the last key
  atLast: 5000, // ms of typing without a pause
  changed,
  fill,
  take,
  clashing: ({ fields }) => fields && `${trouble.dataset.conflict} ${fields.join(", ")}.`,
  done: () => (names.some(lacksReason) ? "waiting" : "done"),
});
const { here } = saver;

// ---- what people do ----

form.addEventListener("input", () => {
  saver.tell(names.some(lacksReason) ? "waiting" : "");
  saver.soon();
});

form.addEventListener("change", () => saver.soon(300));

form.addEventListener("submit", async (event) => {
  if (here.isLeaving || here.isClashing) {
    here.isLeaving = true; // the next page shows both versions
    return;
  }
  event.preventDefault();
  await saver.saveAll();
  if (!here.isClashing && !names.some(lacksReason)) return; // saved, so there is nowhere to go; or it says why not
  here.isLeaving = true;
  // Where all was saved already, this event is not over yet, and a form sent within its own sending is not sent.
  setTimeout(() => form.requestSubmit(event.submitter));
});

if (changed().length) saver.soon(0); // after an error or a reload the browser may have kept words
