/* Screens are <template>s of the page, filled with data: no text is made here, and nothing is read as HTML.

   data-if="name" or "!name" keeps or drops an element; data-text="name" fills it; data-say="… {name} …" too;
   data-put="attribute:name …" sets attributes; data-each="name" repeats its <template>. */

const look = (data, path) => path.split(".").reduce((value, step) => value?.[step], data);

function true_(data, test) {
  const value = look(data, test.replace(/^!/, ""));
  const holds = Array.isArray(value) ? value.length > 0 : Boolean(value);
  return test.startsWith("!") ? !holds : holds;
}

function each(element, data) {
  const template = element.querySelector(":scope > template");
  element.replaceChildren(...look(data, element.dataset.each).map((row) => fill(template.content.cloneNode(true), { ...data, ...row })));
}

function put(element, data) {
  for (const pair of element.dataset.put.split(" ")) {
    const [attribute, path] = pair.split(":");
    const value = look(data, path);
    if (value === true) element.setAttribute(attribute, "");
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(attribute, value);
  }
}

export function fill(root, data) {
  for (const element of root.querySelectorAll("[data-if]")) if (!true_(data, element.dataset.if)) element.remove();
  for (const element of root.querySelectorAll("[data-put]")) put(element, data);
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = look(data, element.dataset.text) ?? "";
  for (const element of root.querySelectorAll("[data-say]")) {
    element.textContent = element.dataset.say.replace(/\{(\w+)\}/g, (_, name) => data[name] ?? "");
  }
  for (const element of root.querySelectorAll("[data-each]")) each(element, data);
  return root;
}

export const piece = (id, data) => fill(document.getElementById(id).content.cloneNode(true), data);
export const screen = (name, data) => piece(`screen-${name}`, data);
export const word = (name) => document.getElementById("field-words").dataset[name] ?? "";

/* The shape of a state, drawn by the server (kit.templatetags.show). */
export function badge(tone, text) {
  const found = document.createElement("span");
  found.className = `state ${tone}`;
  const shapes = document.getElementById("field-words").content.children;
  found.append(shapes[["ok", "none", "due", "bad"].indexOf(tone)].cloneNode(true), Object.assign(document.createElement("span"), { textContent: text }));
  return found;
}
