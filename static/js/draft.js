/* Keeps what was typed in form[data-draft="key"] on this phone until the server says it has it.

   Said by a message with the tag `draft:<key>` on a later page, or by the event `draft-done` (HX-Trigger).
   The hidden client_key is kept too, so a send whose answer was lost and which is sent again counts once. */

const OWNER = document.body.dataset.owner;
const WEEK = 7 * 24 * 3600 * 1000;
const PREFIX = "draft:";
const name = (key) => `${PREFIX}${OWNER}:${key}`;
const kept = (field) => field.name && field.name !== "csrfmiddlewaretoken" && !["file", "password", "submit"].includes(field.type);

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(name(key)));
  } catch {
    return null;
  }
}

function write(form, sent) {
  const values = [];
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) values.push([field.name, field.value]);
    } else {
      values.push([field.name, field.value]);
    }
  }
  try {
    localStorage.setItem(name(form.dataset.draft), JSON.stringify({ at: Date.now(), sent, values }));
  } catch {
    /* A full or forbidden store: the form still works. */
  }
}

function fill(form, values) {
  const left = [...values];
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = left.some(([key, value]) => key === field.name && value === field.value);
    } else {
      const place = left.findIndex(([key]) => key === field.name);
      if (place >= 0) field.value = left.splice(place, 1)[0][1];
    }
  }
  form.dispatchEvent(new Event("restored", { bubbles: true }));
}

function offer(form, draft) {
  const note = form.querySelector("[data-draft-note]");
  if (!note) return;
  note.hidden = false;
  const at = note.querySelector("time");
  if (at) at.textContent = new Date(draft.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  note.querySelector("[data-draft-discard]")?.addEventListener("click", () => {
    localStorage.removeItem(name(form.dataset.draft));
    location.reload();
  });
}

function keep(form) {
  if (form.dataset.drafted) return;
  form.dataset.drafted = "1";
  const draft = read(form.dataset.draft);
  const answered = form.querySelector('[aria-invalid="true"], .errors');
  if (draft && !answered) {
    fill(form, draft.values);
    offer(form, draft);
  }
  let soon;
  const save = () => {
    clearTimeout(soon);
    soon = setTimeout(() => write(form, false), 250);
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    clearTimeout(soon);
    write(form, true);
  });
}

export function done(key) {
  if (read(key)?.sent) localStorage.removeItem(name(key));
}

function sweep() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const at = JSON.parse(localStorage.getItem(key))?.at ?? 0;
    if (Date.now() - at > WEEK) localStorage.removeItem(key);
  }
}

document.addEventListener("draft-done", (event) => done(event.detail.value));

export function enhance(root) {
  for (const message of root.querySelectorAll("[data-tags*='draft:']")) {
    for (const tag of message.dataset.tags.split(" ")) if (tag.startsWith(PREFIX)) done(tag.slice(PREFIX.length));
  }
  sweep();
  for (const form of root.querySelectorAll("form[data-draft]")) keep(form);
}
