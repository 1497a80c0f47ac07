/* What every signed-in page needs: the CSRF header, one press one send, messages, the network, the dialog. */

const words = document.getElementById("words");
const CSRF = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = CSRF;
});

/* One press, one send. The button is freed when the page is shown again or the answer is here. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "1";
  const button = event.submitter;
  if (button) button.setAttribute("aria-busy", "true");
}, true);

function free(root) {
  for (const form of root.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const button of root.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}

addEventListener("pageshow", () => free(document));
document.addEventListener("htmx:afterRequest", () => free(document));

/* Messages. A server may also send HX-Trigger: {"toast": {"text": "…", "tone": "ok"}}. */

export function toast(text, tone = "") {
  const box = document.createElement("div");
  const shape = words.content.children[["ok", "none", "due", "bad"].indexOf(tone)] ?? words.content.children[1];
  box.className = `note-box ${tone}`;
  box.append(shape.cloneNode(true), Object.assign(document.createElement("p"), { textContent: text }));
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 6000);
}

document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));

/* A refusal is said in a toast and leaves the page as it is. */

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400) return;
  const refusal = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-refusal]");
  if (xhr.status === 422 && !refusal) return;
  event.detail.shouldSwap = false;
  toast(refusal?.textContent.trim() || words.dataset.refused, "bad");
});

document.addEventListener("htmx:sendError", offline);
document.addEventListener("htmx:timeout", offline);

/* The network */

function offline() {
  document.getElementById("offline").hidden = false;
}

addEventListener("offline", offline);
addEventListener("online", () => { document.getElementById("offline").hidden = true; });
if (!navigator.onLine) offline();

/* A piece swapped into #dialog opens it; Escape and [data-close] close it. */

const dialog = document.getElementById("dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === dialog) dialog.open || dialog.showModal();
  enhance(event.detail.target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]") && dialog?.open) {
    event.preventDefault();
    dialog.close();
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast(copy.dataset.done, "ok"));
  if (event.target.closest("[data-print]")) print();
  for (const open of document.querySelectorAll("details.menu[open], details.switcher[open], details.more[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest("details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

/* Pages that need more load more. */

const MORE = {
  "form[data-draft], [data-tags*='draft:']": "./draft.js",
  "[data-photo]": "./photo.js",
  "[data-tiles], [data-pad]": "./tiles.js",
  "[data-visit]": "./visit.js",
};

async function enhance(root) {
  for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
  if (navigator.clipboard) for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  for (const [selector, file] of Object.entries(MORE)) {
    if (root.querySelector(selector)) (await import(file)).enhance(root);
  }
}

/* Records of field work that wait on this phone are said before one signs out. The field app shows them only to whoever
   was signed in last (js/field/store.js). */

if (document.body.dataset.owner) localStorage.setItem("desk-owner", document.body.dataset.owner);

for (const form of document.querySelectorAll("form[action$='/signout']")) {
  form.addEventListener("submit", (event) => {
    const left = Number(localStorage.getItem(`field-unsent:${document.body.dataset.owner}`) ?? 0);
    if (left && !confirm(words.dataset.unsent.replace("%d", left))) {
      event.preventDefault();
      free(document);
    } else {
      localStorage.removeItem("desk-owner");
    }
  });
}

enhance(document);
