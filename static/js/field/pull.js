/* Tasks in hand come onto the phone; what was begun there stays as it is. */

import * as net from "./net.js";
import * as store from "./store.js";

const EMPTY = { outcome: "done", answers: [], manifest: [], promotion: {} };
const asBegun = (task) => ({ ...EMPTY, ...task.draft });
const arrivalsOf = (task) => task.arrived.map((each) => ({ ...each, key: each.at, phone_at: each.at, sent: true }));

/* Who is signed in. */
export async function pull() {
  const { person, tasks, at } = await net.pull();
  await store.setMe(person);
  for (const task of tasks) await takeIn(person, task, at);
  const held = new Set(tasks.map((task) => store.workId(person.id, task.claim)));
  for (const row of await store.allWork()) {
    const done = !store.touched(row) && row.arrivals.every((each) => each.sent);
    if (row.owner === person.id && !held.has(row.id) && done) await store.forget(row.id);
  }
  return person;
}

async function takeIn(person, task, at) {
  const id = store.workId(person.id, task.claim);
  const known = await store.changeWork(id, (found) => {
    Object.assign(found, { task, pulled: at });
    if (!store.touched(found)) found.content = asBegun(task);
  });
  if (known) return;
  await store.addWork({
    id, owner: person.id, ownerName: person.name, claim: task.claim, task, content: asBegun(task), arrivals: arrivalsOf(task),
    state: "open", touched: false, pulled: at,
  });
}
