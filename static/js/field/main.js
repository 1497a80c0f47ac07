/* The field app: tasks in hand are opened, filled in, photographed and finished without network. */

import * as net from "./net.js";
import * as outbox from "./outbox.js";
import { askToKeep, inWeChatOnIphone, install, keepsOffline, named, photograph, position, stamp } from "./phone.js";
import { badge, piece, word } from "./render.js";
import { answerOf, lacks, PROMOTION, SIGNATURE, UNSEEN } from "./rules.js";
import * as screens from "./screens.js";
import { signing } from "./sign.js";
import * as store from "./store.js";

const DRAFT_EVERY = 20_000;
const page = document.getElementById("screen");
const EMPTY = { outcome: "done", answers: [], manifest: [], promotion: {} };
let me = null;
let at = { row: null, part: "" };

/* What is in hand, and on this phone */

async function pull() {
  const said = await net.pull();
  me = said.person;
  await store.setMe(me);
  show("signed-out", false);
  const held = new Set();
  for (const task of said.tasks) {
    const id = store.workId(me.id, task.claim);
    held.add(id);
    const row = await store.changeWork(id, (found) => {
      found.task = task;
      if (!store.touched(found)) found.content = { ...EMPTY, ...task.draft };
    });
    const arrivals = task.arrived.map((each) => ({ ...each, key: each.at, phone_at: each.at, sent: true }));
    if (!row) await store.addWork({ id, owner: me.id, ownerName: me.name, claim: task.claim, task, content: { ...EMPTY, ...task.draft }, arrivals, state: "open", touched: false, pulled: said.at });
    else await store.changeWork(id, (found) => { found.pulled = said.at; });
  }
  for (const row of await store.allWork()) {
    if (row.owner === me.id && !held.has(row.id) && !store.touched(row) && row.arrivals.every((each) => each.sent)) await store.forget(row.id);
  }
}

async function tryPull() {
  try {
    await pull();
  } catch (error) {
    if (error.status === 401) show("signed-out", true);
    else if (error.status === 403) location.assign("/desk/");
  }
}

/* Every change is on disk before it is said to be. */
let writing = Promise.resolve();

function change(edit) {
  const { id } = at.row;
  writing = writing.then(async () => {
    const row = await store.changeWork(id, (found) => {
      if (found.state !== "open") return found;
      edit(found.content, found);
      Object.assign(found, { touched: true, saved_at: stamp(), problem: null });
      return found;
    });
    if (at.row?.id === id) at.row = row;
    saved();
  }).catch(() => toast(word("full"), "bad"));
  return writing;
}

function saved() {
  const said = document.getElementById("saved");
  if (said) said.replaceChildren(badge("ok", `${word("saved")} ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })}`));
}

/* Screens */

let drawing = Promise.resolve();
const draw = () => (drawing = drawing.then(drawNow, drawNow));

/* Only where nobody is writing. */
const redraw = () => (["list", "task"].includes(document.body.dataset.screen) ? draw() : null);

async function drawNow() {
  const rows = await store.allWork();
  me = await store.getMe();
  document.getElementById("who").textContent = me?.name ?? "";
  document.documentElement.toggleAttribute("data-care", Boolean(me?.care));
  if (me?.theme) document.documentElement.dataset.theme = me.theme;
  const mine = rows.filter((row) => row.owner === me?.id);
  const [claim, part = "", where = ""] = location.hash.slice(1).split("/");
  const row = mine.find((each) => each.claim === claim);
  at = { row: row ?? null, part };
  page.replaceChildren(await drawn(row, part, mine, others(rows)));
  document.body.dataset.screen = row ? part || "task" : "list";
  if (row) await bind();
  (document.getElementById(where) ?? document.documentElement).scrollIntoView?.();
}

async function drawn(row, part, mine, waiting) {
  if (!me) return screens.nobody(waiting);
  if (!row) return screens.list(mine.sort((a, b) => a.task.due_at.localeCompare(b.task.due_at)), waiting, mine[0]?.pulled);
  if (!part || row.state !== "open") return screens.task(row, (await store.photosOf(row.id)).filter((photo) => !photo.sent).length);
  if (part in FORMS) return screens[part](row);
  return screens.itemsOf(row).some((item) => item.code === part) ? screens.item(row, part) : screens.task(row, 0);
}

function others(rows) {
  const counted = new Map();
  for (const row of screens.waitingOf(rows)) if (row.owner !== me?.id) counted.set(row.ownerName, (counted.get(row.ownerName) ?? 0) + 1);
  return [...counted].map(([name, number]) => ({ name, number }));
}

/* What the forms keep */

const photoItem = () => ({ unseen: UNSEEN, promotion: PROMOTION, finish: "" })[at.part] ?? at.part;

function keepAnswer(content, code, said) {
  const found = answerOf(content, code);
  if (found) Object.assign(found, said);
  else content.answers.push({ code, text: "", value: "", measure: "", days: null, ...said });
}

const FORMS = {
  arrive: () => {},
  unseen: (content, { outcome, text }) => { content.unseen = { outcome, text }; },
  promotion: (content, { place, audience, topic, material }) => {
    content.promotion = { place, topic, material, audience: Number.parseInt(audience, 10) || null };
  },
  finish: (content, { signed_by, sign_refusal }) => Object.assign(content, { signed_by, sign_refusal }),
};

function keepItem(content, { result, text, value = "", measure, days }) {
  if (!result && !text && !value) return;
  const failing = result === "fail";
  keepAnswer(content, at.part, {
    result: result ?? "", text, value: value.trim(), measure: failing ? measure : "",
    days: failing && measure === "deadline" ? Number.parseInt(days, 10) || null : null,
  });
}

function typed(form) {
  const said = Object.fromEntries(new FormData(form));
  const part = at.part;
  const keep = FORMS[part] ?? keepItem;
  return change((content) => keep(content, said));
}

async function bind() {
  const form = page.querySelector("[data-form]");
  let soon;
  form?.addEventListener("change", () => { failing(form); typed(form); });
  form?.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(() => form.isConnected && typed(form), 150); });
  form?.addEventListener("submit", (event) => { event.preventDefault(); if (form.dataset.form === "arrive") arrived(form); });
  if (form) failing(form);
  page.querySelector("[data-camera]")?.addEventListener("change", (event) => photographed(event.target));
  const sign = page.querySelector("[data-sign]");
  if (sign) bindSignature(sign);
  await drawPhotos();
}

function failing(form) {
  const part = form.querySelector("[data-failing]");
  if (!part) return;
  part.hidden = form.querySelector('[name="result"]:checked')?.value !== "fail";
  part.querySelector("[data-days]").hidden = form.querySelector('[name="measure"]').value !== "deadline";
}

async function arrived(form) {
  const scanned = form.elements.scanned.value.trim();
  const { task } = at.row;
  document.getElementById("saved").textContent = task.consent ? word("asking") : "";
  const where = task.consent ? await position() : null;
  const code = scanned.split("/").at(-1).toUpperCase().replaceAll("-", "");
  if (scanned && task.place && ![task.place.token, task.place.typed_code].includes(code)) toast(word("otherCode"), "due");
  await change((content, row) => {
    row.arrivals.push({ key: crypto.randomUUID(), phone_at: stamp(), scanned, position: where, sent: false });
    content.started_at ??= row.arrivals[0].phone_at;
  });
  askToKeep();
  location.hash = `#${at.row.claim}`;
  outbox.run();
}

/* Photos */

async function photographed(input) {
  const { row } = at;
  const item = photoItem();
  for (const file of input.files) await keepPhoto(row, item, await photograph(file));
  input.value = "";
  await drawPhotos();
  outbox.ahead(row.id);
}

async function keepPhoto(row, item, { bytes, type, sha256 }) {
  const photo = { id: `${row.id}:${sha256}`, work: row.id, owner: row.owner, sha256, item, taken_at: stamp(), bytes, type, sent: false, position: null };
  if (row.task.consent) photo.position = await Promise.race([position(), new Promise((resolve) => { setTimeout(resolve, 4000, null); })]);
  try {
    at.row = await store.addPhoto(photo, (found) => {
      found.touched = true;
      if (item === SIGNATURE) found.content.signature_sha256 = sha256;
      else if (!found.content.manifest.some((each) => each.sha256 === sha256)) found.content.manifest.push({ sha256, item, taken_at: photo.taken_at });
    });
    saved();
  } catch {
    toast(word("full"), "bad");
  }
}

async function drawPhotos() {
  const place = page.querySelector("[data-photos]");
  if (!place || !at.row) return;
  const wanted = at.row.content.manifest.filter((each) => each.item === photoItem());
  const kept = new Map((await store.photosOf(at.row.id)).map((photo) => [photo.sha256, photo]));
  place.replaceChildren(...wanted.map(({ sha256 }) => {
    const photo = kept.get(sha256);
    const src = photo ? URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })) : null;
    const before = at.row.task.photos.find((each) => each.sha256 === sha256);
    return pieceOf("piece-photo", { src: src ?? (before && `${before.url}?small`), sha256, tone: photo?.sent || before ? "ok" : "due", word: photo?.sent || before ? word("sent") : word("saved") });
  }));
}

function pieceOf(id, data) {
  const drawn = piece(id, data);
  for (const each of drawn.querySelectorAll("[data-badge]")) each.replaceWith(badge(each.dataset.tone, each.dataset.word));
  return drawn;
}

function bindSignature(box) {
  const pad = signing(box.dataset.label, box.dataset.clear);
  box.append(pad.element);
  pad.element.addEventListener("signed", async () => {
    const png = await pad.png();
    if (png) await keepPhoto(at.row, SIGNATURE, await named(png));
    else await change((content) => { content.signature_sha256 = ""; });
  });
}

/* Sending */

async function ready(edit) {
  const form = page.querySelector("[data-form]");
  if (form) await typed(form);
  await writing;
  const found = lacks(at.row.task, edit(structuredClone(at.row.content)));
  if (found.length) {
    await draw();
    toast(word(`lack${found[0][1][0].toUpperCase()}${found[0][1].slice(1)}`), "bad");
    return;
  }
  await store.changeWork(at.row.id, (row) => {
    if (row.state !== "open") return row;
    const now = stamp();
    const content = edit(row.content);
    const { unseen, ...record } = content;
    row.content = { ...record, started_at: content.started_at ?? row.arrivals[0]?.phone_at ?? now, finished_at: now, offline: !navigator.onLine };
    return Object.assign(row, { state: "ready", key: crypto.randomUUID(), problem: null });
  });
  location.hash = "";
  await draw();
  outbox.run();
}

const asUnseen = (content) => {
  const { outcome = "", text = "" } = content.unseen ?? {};
  const manifest = content.manifest.filter((each) => each.item === UNSEEN);
  return { ...content, outcome: outcome || "closed", manifest, answers: [{ code: UNSEEN, result: "unseen", text }] };
};

const asSeen = (content) => ({ ...content, outcome: "done" });

/* What is pressed */

const DO = {
  send: () => outbox.run(),
  pull: async () => { await tryPull(); await draw(); },
  finish: () => ready(asSeen),
  unseen: () => ready(asUnseen),
  rest: async () => {
    const { row } = at;
    await change((content) => {
      for (const item of screens.itemsOf(row)) {
        if (!answerOf(content, item.code)?.result && item.evidence === "none") keepAnswer(content, item.code, { result: "pass" });
      }
    });
    await draw();
  },
  drop: async (button) => {
    await change((content) => { content.manifest = content.manifest.filter((each) => each.sha256 !== button.dataset.sha); });
    await drawPhotos();
  },
  anew: async () => {
    await store.changeWork(at.row.id, (row) => Object.assign(row, { state: "open", key: null, problem: null }));
    await draw();
  },
  leave: async () => {
    const left = screens.waitingOf(await store.allWork()).filter((row) => row.owner === me?.id).length;
    if (left && !confirm(word("leave").replace("%d", left))) return;
    await net.signOut().catch(() => {});
    store.forgetMe();
    location.hash = "";
    await draw();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) DO[button.dataset.do](button);
});

/* News */

function toast(text, tone = "none") {
  const box = Object.assign(document.createElement("div"), { className: `note-box ${tone}` });
  box.append(badge(tone, text));
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 6000);
}

function show(id, shown) {
  document.getElementById(id).hidden = !shown;
}

outbox.onNews(async ({ kind, orphan }) => {
  show("signed-out", kind === "signed-out");
  if (kind === "complete") toast(word(orphan ? "orphan" : "complete"), orphan ? "due" : "ok");
  if (kind === "later") toast(word("later"), "due");
  if (kind === "photo" && at.row) await drawPhotos();
  if (["complete", "sent", "later"].includes(kind)) await redraw();
});

addEventListener("hashchange", draw);
addEventListener("online", () => { show("offline", false); tryPull().then(redraw); outbox.run(); });
addEventListener("offline", () => show("offline", true));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") outbox.run(); });
setInterval(() => { if (at.row) outbox.ahead(at.row.id); }, DRAFT_EVERY);

show("offline", !navigator.onLine);
show("wechat", inWeChatOnIphone || !keepsOffline);
await draw();
document.body.dataset.open = "1";
await tryPull();
await redraw();
outbox.run();
install();
