/* Where one stands: asked when the button is pressed, to about a hundred metres, sent once with the list's choices. */

function ask(form) {
  const { latitude, longitude } = form.elements;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      latitude.value = coords.latitude.toFixed(3);
      longitude.value = coords.longitude.toFixed(3);
      form.requestSubmit();
      latitude.value = longitude.value = "";
    },
    () => document.dispatchEvent(new CustomEvent("toast", { detail: { text: form.dataset.refused, tone: "due" } })),
    { maximumAge: 60000, timeout: 10000 },
  );
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-near]")) {
    if (!navigator.geolocation) continue;
    form.hidden = false;
    form.querySelector("button").onclick = () => ask(form);
  }
}
