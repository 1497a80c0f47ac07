/* The form of a visit: measures only where something is not in order, the position, the signature by finger. */

import { signing } from "./field/sign.js";

function failing(form) {
  for (const part of form.querySelectorAll("[data-when-failing]")) {
    const scope = part.closest("[data-item]") ?? form;
    const show = () => { part.hidden = scope.querySelector('input[type="radio"]:checked')?.value !== "fail"; };
    scope.addEventListener("change", show);
    form.addEventListener("restored", show);
    show();
  }
}

function fill(form, { coords }) {
  for (const [name, value] of [["latitude", coords.latitude], ["longitude", coords.longitude], ["accuracy_m", coords.accuracy]]) {
    for (const field of form.querySelectorAll(`input[name$="${name}"]`)) field.value = value;
  }
}

function position(form) {
  const said = form.querySelector("[data-position]");
  if (!said || !navigator.geolocation) return;
  said.textContent = said.dataset.asking;
  navigator.geolocation.getCurrentPosition(
    (found) => {
      fill(form, found);
      said.textContent = `${said.dataset.known} ${Math.round(found.coords.accuracy)} m`;
    },
    () => { said.textContent = said.dataset.refused; },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 },
  );
}

/* What is drawn goes into the file field that a photo of the paper would go into. */
function sign(form) {
  const box = form.querySelector("[data-sign]");
  if (!box) return;
  const input = box.querySelector('input[type="file"]');
  const pad = signing(box.dataset.label, box.dataset.clear);
  box.prepend(pad.element);
  pad.element.addEventListener("signed", async () => {
    const files = new DataTransfer();
    const png = await pad.png();
    if (png) files.items.add(new File([png], "signature.png", { type: "image/png" }));
    input.files = files.files;
  });
}

export function enhance(root) {
  for (const form of root.querySelectorAll("[data-visit]")) {
    if (form.dataset.visiting) continue;
    form.dataset.visiting = "1";
    failing(form);
    position(form);
    sign(form);
  }
}
