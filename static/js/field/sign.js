/* A pad to sign on with a finger; the picture is a small PNG on white. */

const WIDTH = 600;
const HEIGHT = 220;

export function signing(label, again) {
  const element = document.createElement("div");
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT, className: "sign-pad" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: again });
  element.append(canvas, clear);
  const pen = canvas.getContext("2d");
  let drawn = false;

  function wipe() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    Object.assign(pen, { strokeStyle: "#13242a", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    drawn = false;
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * WIDTH / box.width, (event.clientY - box.top) * HEIGHT / box.height];
  }

  const tell = () => element.dispatchEvent(new Event("signed", { bubbles: true }));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawn = true;
  });
  canvas.addEventListener("pointerup", tell);
  clear.addEventListener("click", () => {
    wipe();
    tell();
  });
  wipe();
  return {
    element,
    png: () => (drawn ? new Promise((resolve) => canvas.toBlob(resolve, "image/png")) : null),
  };
}
