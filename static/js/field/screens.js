/* The screens of one visit, as data for the templates of the page. */

import { answerOf, lacks, PROMOTION, SIGNATURE, UNSEEN } from "./rules.js";
import { badge, screen, word } from "./render.js";
import { touched } from "./store.js";

const time = (stamp) => (stamp ? new Date(stamp).toLocaleString([], { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }) : "");

export const titleOf = (task) => task.place?.name || task.title;
const choices = (name, chosen, mark) => [...document.getElementById(`choices-${name}`).content.children].map(
  ({ value, textContent: label }) => ({ value, label, [mark]: value === chosen }),
);

function standing(row) {
  if (row.state === "stuck") return ["bad", word("stuck")];
  if (row.state === "ready") return ["due", word("ready")];
  if (row.task.returned) return ["bad", word("returned")];
  return row.touched ? ["due", word("filling")] : ["none", word("open")];
}

export function list(rows, others, pulled) {
  const tasks = rows.map((row) => {
    const [tone, said] = standing(row);
    const { task } = row;
    return { href: `#${row.claim}`, title: titleOf(task), kind: task.kind, where: task.place?.where ?? task.town, until: time(task.lease_until), tone, word: said };
  });
  return draw("list", { count: tasks.length, tasks, others, pulled: time(pulled), unsent: rows.filter((row) => row.state === "ready").length || "" });
}

export const nobody = (others) => draw("nobody", { others });

/* What there is to look at: of a returned task, what the reviewer named. */
export function itemsOf(row) {
  const named = row.task.items.filter((item) => row.task.returned?.items.includes(item.code));
  return named.length ? named : row.task.items;
}

export function task(row, photosLeft) {
  const { task: it, content } = row;
  const items = itemsOf(row);
  const rows = items.map((item) => {
    const result = answerOf(content, item.code)?.result;
    const label = result && choices("result", result, "checked").find((each) => each.checked).label;
    const tone = { pass: "ok", fail: "bad", na: "none", unseen: "none" }[result] ?? "none";
    return { href: `#${row.claim}/${item.code}`, text: item.key ? `★ ${item.text}` : item.text, tone, word: label ?? word("open") };
  });
  const open = items.find((item) => !answerOf(content, item.code)?.result);
  const arrived = row.arrivals.at(-1);
  const promoted = !lacks(it, content).some(([code]) => code === PROMOTION);
  const next = !arrived ? "/arrive" : open ? `/${open.code}` : it.promotion && !promoted ? "/promotion" : "/finish";
  return draw("task", {
    ...it, ...row, kind: it.kind, title: titleOf(it), place: it.place, returned: it.returned, rows, permitUntil: it.place?.permit_until,
    problem: row.problem && (row.problem.code === "photo_lost" ? word("photoLost") : row.problem.words),
    stuck: row.state === "stuck", frozen: row.state === "ready", photosLeft,
    arrivedAt: time(arrived?.phone_at), ...arrivalWords(arrived),
    promotionTone: promoted ? "ok" : "none", promotionWord: promoted ? word("arrived") : word("open"),
    done: items.length - items.filter((item) => !answerOf(content, item.code)?.result).length, total: items.length,
    restOpen: Boolean(open) && items.some((item) => answerOf(content, item.code)?.result),
    ...Object.fromEntries(["arrive", "promotion", "unseen"].map((name) => [`${name}Href`, `#${row.claim}/${name}`])),
    nextHref: `#${row.claim}${next}`, begin: next === "/arrive", end: next === "/finish", go: !["/arrive", "/finish"].includes(next),
  });
}

function arrivalWords(arrived) {
  if (!arrived) return { arrivedTone: "none", arrivedWord: word("open") };
  if (!arrived.sent) return { arrivedTone: "due", arrivedWord: word("arrived") };
  const tone = { success: "ok", failure: "bad", skipped: "due" }[arrived.outcome];
  return { arrivedTone: tone, arrivedWord: word(arrived.outcome) };
}

export const arrive = (row) => draw("arrive", { up: `#${row.claim}`, title: titleOf(row.task), consent: row.task.consent });

export function item(row, code) {
  const items = itemsOf(row);
  const place = items.findIndex((each) => each.code === code);
  const found = items[place];
  const answer = answerOf(row.content, code) ?? {};
  const next = items[place + 1];
  return draw("item", {
    ...found, answer, up: `#${row.claim}`, number: place + 1, total: items.length, number_asked: found.evidence === "number",
    usual: found.measures.join("; "), results: choices("result", answer.result, "checked"), measures: choices("measure", answer.measure ?? "", "selected"),
    before: row.task.photos.filter((photo) => photo.item === code).map((photo) => ({ small: `${photo.url}?small` })),
    previousHref: place ? `#${row.claim}/${items[place - 1].code}` : null, nextHref: next ? `#${row.claim}/${next.code}` : `#${row.claim}/finish`,
  });
}

export function unseen(row) {
  const said = row.content.unseen ?? {};
  return draw("unseen", { up: `#${row.claim}`, title: titleOf(row.task), answer: { text: said.text }, outcomes: choices("outcome", said.outcome, "checked") });
}

export function promotion(row) {
  const known = { place: row.task.place?.name ?? "", topic: row.task.title };
  return draw("promotion", { up: `#${row.claim}`, finishHref: `#${row.claim}/finish`, title: titleOf(row.task), said: { ...known, ...row.content.promotion } });
}

export function finish(row) {
  const { task: it, content } = row;
  const minutes = row.arrivals[0] ? Math.floor((Date.now() - new Date(row.arrivals[0].phone_at)) / 60_000) : null;
  const ways = { "": "whole", [SIGNATURE]: "signature", [PROMOTION]: "promotion" };
  const todo = lacks(it, content).map(([code, lack]) => ({
    href: ways[code] && code !== PROMOTION ? `#${row.claim}/finish/${ways[code]}` : `#${row.claim}/${ways[code] ?? code}`,
    title: it.items.find((each) => each.code === code)?.text ?? word(`lack${lack[0].toUpperCase()}${lack.slice(1)}`),
    words: it.items.some((each) => each.code === code) ? word(`lack${lack[0].toUpperCase()}${lack.slice(1)}`) : "",
  }));
  return draw("finish", {
    up: `#${row.claim}`, title: titleOf(it), content, todo, minutes: minutes ?? "", least: it.min_stay,
    tooShort: minutes !== null && minutes < it.min_stay, signed: it.signed, has_signature: content.signature_sha256,
    total: String(content.manifest.length), least_photos: String(it.min_photos),
  });
}

function draw(name, data) {
  const drawn = screen(name, data);
  for (const place of drawn.querySelectorAll("[data-badge]")) place.replaceWith(badge(place.dataset.tone, place.dataset.word));
  return drawn;
}

export const waitingOf = (rows) => rows.filter(touched);
export { UNSEEN };
