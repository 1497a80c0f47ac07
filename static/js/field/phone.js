/* What the phone itself does: position, photos made small and named, what kind of browser this is. */

import { shrink } from "../photo.js";

export function position() {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
}

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function named(blob) {
  const bytes = await blob.arrayBuffer();
  return { bytes, type: blob.type, sha256: hex(await crypto.subtle.digest("SHA-256", bytes)) };
}

/* A picture this phone cannot read goes as it is. */
export const photograph = async (file) => named(await shrink(file).catch(() => file));

export const stamp = () => new Date().toISOString();

export const inWeChatOnIphone = /MicroMessenger/i.test(navigator.userAgent) && /iPhone|iPad/.test(navigator.userAgent);
export const keepsOffline = "serviceWorker" in navigator;

export async function install() {
  if (keepsOffline) await navigator.serviceWorker.register("/desk/field/sw.js", { scope: "/desk/field/" }).catch(() => {});
}

export const askToKeep = () => navigator.storage?.persist?.();
