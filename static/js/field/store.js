/* What the phone keeps: work by person and claim, photos by work. Nothing leaves it before the server says so. */

const STORES = { meta: "key", work: "id", photos: "id" };
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("field", 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        const store = asked.result.createObjectStore(name, { keyPath });
        if (name === "photos") store.createIndex("work", "work");
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

const settled = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

/* One transaction over some stores; resolved once it is on disk. */
async function within(names, mode, act) {
  const db = await open();
  const transaction = db.transaction(names, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  const result = await act((name) => transaction.objectStore(name));
  await done;
  return result;
}

const get = (store, id) => within([store], "readonly", (of) => settled(of(store).get(id)));
const all = (store) => within([store], "readonly", (of) => settled(of(store).getAll()));
const put = (store, row) => within([store], "readwrite", (of) => settled(of(store).put(row)));

export const workId = (owner, claim) => `${owner}:${claim}`;
export const allWork = () => all("work");
export const getWork = (id) => get("work", id);

/* Who works here: the person of the last answer, unless somebody else has signed in, or that person out, since. */
export async function getMe() {
  const me = (await get("meta", "me"))?.value;
  return me && localStorage.getItem("desk-owner") === me.id ? me : null;
}

export async function setMe(person) {
  localStorage.setItem("desk-owner", person.id);
  await put("meta", { key: "me", value: person });
}

export function forgetMe() {
  localStorage.removeItem("desk-owner");
}

/* Change one work as it stands on disk, so that two tabs do not undo each other. */
export async function changeWork(id, change) {
  const row = await within(["work"], "readwrite", async (of) => {
    const found = await settled(of("work").get(id));
    if (!found) return null;
    const changed = change(found) ?? found;
    await settled(of("work").put(changed));
    return changed;
  });
  await count();
  return row;
}

export const addWork = (row) => put("work", row);

/* A photo and its place in the record, in one: neither without the other. */
export function addPhoto(photo, change) {
  return within(["photos", "work"], "readwrite", async (of) => {
    await settled(of("photos").put(photo));
    const row = await settled(of("work").get(photo.work));
    change(row);
    await settled(of("work").put(row));
    return row;
  });
}

export const photosOf = (id) => within(["photos"], "readonly", (of) => settled(of("photos").index("work").getAll(id)));
export const getPhoto = (id) => get("photos", id);

export const markSent = (id) => within(["photos"], "readwrite", async (of) => {
  const photo = await settled(of("photos").get(id));
  if (photo) await settled(of("photos").put({ ...photo, sent: true }));
});

/* Only after the server has said that it has everything. */
export async function forget(id) {
  await within(["photos", "work"], "readwrite", async (of) => {
    for (const key of await settled(of("photos").index("work").getAllKeys(id))) of("photos").delete(key);
    await settled(of("work").delete(id));
  });
  await count();
}

export const touched = (row) => row.touched || row.state !== "open";

/* For the sign-out button of every other page (js/app.js). */
async function count() {
  const left = {};
  for (const row of await allWork()) if (touched(row)) left[row.owner] = (left[row.owner] ?? 0) + 1;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("field-unsent:")) localStorage.removeItem(key);
  }
  for (const [owner, number] of Object.entries(left)) localStorage.setItem(`field-unsent:${owner}`, number);
}
