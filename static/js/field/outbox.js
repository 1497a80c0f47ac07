/* Sends what is ready: arrivals, the record, then each photo the server says is missing. One tab at a time.

   A record leaves the phone when the server says `complete`. Everything may be sent twice and counts once. A record of
   somebody else is not touched, whoever is signed in. */

import * as net from "./net.js";
import { allWork, changeWork, forget, getPhoto, markSent, photosOf } from "./store.js";

const KEPT = "lease_over"; // the server has it, and somebody else may hold the task
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 5 * 60_000;
let wait = FIRST_WAIT;
let timer;
let running = null;
let tell = () => {};

export const onNews = (listener) => { tell = listener; };

/* Now; called while it runs, once more afterwards. */
export function run() {
  running = (running ?? Promise.resolve()).then(alone).finally(() => { running = null; });
  return running;
}

const alone = () => (navigator.locks ? navigator.locks.request("field-outbox", sendAll) : sendAll());

async function sendAll() {
  clearTimeout(timer);
  const waiting = (await allWork()).filter((row) => row.state === "ready" || row.arrivals.some((each) => !each.sent));
  if (!waiting.length) return;
  try {
    const { person } = await net.me();
    for (const row of waiting) if (row.owner === person.id) await sendOne(row.id, row.claim);
    wait = FIRST_WAIT;
    tell({ kind: "sent" });
  } catch (error) {
    if (error instanceof net.Refused && error.status === 401) {
      tell({ kind: "signed-out" });
      return;
    }
    tell({ kind: "later" });
    timer = setTimeout(run, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

async function sendOne(id, claim) {
  try {
    await sendArrivals(id, claim);
    const row = await changeWork(id, (found) => found);
    if (row?.state === "ready") await sendRecord(row);
  } catch (error) {
    if (!(error instanceof net.Refused) || [401, 403, 408, 429].includes(error.status) || error.status >= 500) throw error;
    await stop(id, error);
  }
}

async function sendArrivals(id, claim) {
  const row = await changeWork(id, (found) => found);
  for (const arrival of row?.arrivals ?? []) {
    if (arrival.sent) continue;
    const said = await net.arrive(claim, arrival).catch((error) => {
      if (error.code !== KEPT) throw error;
      return { outcome: "failure", why: "out_of_time" };
    });
    await changeWork(id, (found) => {
      Object.assign(found.arrivals.find((each) => each.key === arrival.key), { sent: true, outcome: said.outcome, why: said.why });
    });
  }
}

async function sendRecord({ id, claim, content, key }) {
  let standing = await net.submit(claim, content, key);
  for (const sha256 of standing.missing) {
    const photo = await getPhoto(`${id}:${sha256}`);
    if (!photo) throw new net.Refused(410, { code: "photo_lost", detail: "" });
    standing = (await net.sendPhoto(claim, photo)).submission;
    await markSent(photo.id);
    tell({ kind: "photo", left: standing.missing.length });
  }
  if (!standing.complete) standing = (await net.standing(claim)).submission;
  if (!standing.complete) throw new Error("incomplete");
  await forget(id);
  tell({ kind: "complete", orphan: standing.orphan, late: standing.late });
}

/* The server will not have it like this. It stays here, with the reason; what is lacking can be put right. */
const stop = (id, { status, code, message, fields }) => changeWork(id, (row) => {
  row.problem = { code, words: message, fields };
  if (row.state === "ready") row.state = status === 422 ? "open" : "stuck";
});

/* While one is at it and there is network: photos go ahead, and what is typed is kept on the server too. */
export async function ahead(id) {
  const row = (await allWork()).find((each) => each.id === id);
  if (!row || row.state !== "open" || !row.touched || !navigator.onLine) return;
  try {
    const { person } = await net.me();
    if (person.id !== row.owner) return;
    for (const photo of await photosOf(id)) {
      if (photo.sent) continue;
      await net.sendPhoto(row.claim, photo);
      await markSent(photo.id);
      tell({ kind: "photo" });
    }
    await net.keepDraft(row.claim, row.content);
    tell({ kind: "drafted" });
  } catch {
    /* Later; the phone has it. */
  }
}
