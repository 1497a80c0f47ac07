/* Asking the server. Whoever is signed in is asked for anew before anything is sent, with a fresh token. */

const API = "/api/v1/work/";
const PATIENCE = 60_000;
let csrf = "";

export class Refused extends Error {
  constructor(status, said) {
    super(said.detail ?? String(status));
    Object.assign(this, { status, code: said.code, fields: said.fields });
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(API + path, {
    credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), redirect: "error", ...options,
  });
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

async function known(path) {
  const said = await ask(path);
  csrf = said.csrf;
  return said;
}

export const pull = () => known("tasks");
export const me = () => known("me");
export const standing = (claim) => ask(`claims/${claim}`);

/* A token may have gone stale while the app lay in a pocket: asked for once more, then sent again. */
async function send(method, path, body, key, again = true) {
  const form = body instanceof FormData;
  const headers = { "X-CSRFToken": csrf, ...(form ? {} : { "Content-Type": "application/json" }), ...(key && { "Idempotency-Key": key }) };
  try {
    return await ask(path, { method, headers, body: form ? body : JSON.stringify(body) });
  } catch (error) {
    if (!(again && error instanceof Refused && error.status === 403)) throw error;
    await me();
    return send(method, path, body, key, false);
  }
}

export const arrive = (claim, said) => {
  const { key, phone_at, scanned, position } = said;
  return send("POST", `claims/${claim}/arrivals`, { phone_at, scanned, position }, key);
};

export const submit = (claim, content, key) => send("POST", `claims/${claim}/submissions`, content, key);
export const keepDraft = (claim, content) => send("PUT", `claims/${claim}/draft`, content);

export function sendPhoto(claim, photo) {
  const form = new FormData();
  form.append("sha256", photo.sha256);
  form.append("item", photo.item);
  form.append("taken_at", photo.taken_at);
  for (const [name, value] of Object.entries(photo.position ?? {})) form.append(name, value);
  form.append("file", new Blob([photo.bytes], { type: photo.type }), "photo");
  return send("POST", `claims/${claim}/photos`, form, photo.sha256);
}

export async function signOut() {
  await me();
  await fetch("/signout", { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrf } });
}
