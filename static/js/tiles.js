/* Narrows product tiles while one types, and puts a number pad under a quantity. */

function narrow(group) {
  const search = group.querySelector("[data-filter]");
  if (!search || search.dataset.bound) return;
  search.dataset.bound = "1";
  search.hidden = false;
  const input = search.querySelector("input");
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const tile of group.querySelectorAll(".tile")) {
      const words = `${tile.textContent} ${tile.dataset.search ?? ""}`.toLowerCase();
      tile.hidden = !words.includes(wanted) && !tile.querySelector("input").checked;
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    group.querySelector(".tile:not([hidden]) input:not(:disabled)")?.click();
  });
}

function press(input, key) {
  const value = input.value;
  if (key === "back") input.value = value.slice(0, -1);
  else if (key === "." && value.includes(".")) return;
  else if (key === ".") input.value = (value || "0") + ".";
  else if (key.startsWith("+")) input.value = String(Math.round((Number(value || 0) + Number(key.slice(1))) * 1000) / 1000);
  else input.value = value === "0" ? key : value + key;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function key(text, value, className) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset.key = value;
  if (className) button.className = className;
  return button;
}

function pad(place) {
  if (place.childElementCount) return;
  const input = document.getElementById(place.dataset.pad);
  const quick = (place.dataset.quick ?? "").split(",").filter(Boolean);
  place.className = "pad";
  place.append(...quick.map((step) => key(`+${step}`, `+${step}`, "quick")));
  place.append(...["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0"].map((digit) => key(digit, digit)), key("⌫", "back"));
  place.lastElementChild.setAttribute("aria-label", document.getElementById("words").dataset.erase);
  input.type = "text"; // a number field forgets "12." before the next digit comes
  input.inputMode = matchMedia("(pointer: coarse)").matches ? "none" : "decimal";
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-key]");
    if (button) press(input, button.dataset.key);
  });
}

export function enhance(root) {
  for (const group of root.querySelectorAll("[data-tiles]")) narrow(group);
  for (const place of root.querySelectorAll("[data-pad]")) pad(place);
}
