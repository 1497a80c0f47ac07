/* Makes a photo small on the phone before it is sent: long edge 1600 px, 300 KB, and no EXIF, since a canvas keeps none. */

const EDGE = 1600;
const BYTES = 300 * 1024;
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45];

const asJpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  for (;;) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const jpeg = await asJpeg(canvas, quality);
      if (jpeg.size <= BYTES) return new File([jpeg], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    }
    scale *= 0.8;
  }
}

function show(box, file) {
  const picture = new Image();
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.onload = () => URL.revokeObjectURL(picture.src);
  box.querySelector(".frame").replaceChildren(picture);
}

async function chosen(box, input) {
  const said = box.querySelector("output");
  if (!input.files.length) return;
  said.textContent = box.dataset.shrinking;
  const small = new DataTransfer();
  let all = true;
  for (const file of input.files) {
    try {
      small.items.add(await shrink(file));
    } catch {
      small.items.add(file);
      all = false;
    }
  }
  input.files = small.files;
  show(box, small.files[0]);
  const kilobytes = Math.ceil([...small.files].reduce((sum, file) => sum + file.size, 0) / 1024);
  said.textContent = `${all ? box.dataset.ready : box.dataset.failed} · ${kilobytes} KB`;
  box.dispatchEvent(new CustomEvent("photo-ready", { bubbles: true }));
}

function follow(box, input) {
  const bar = box.querySelector("progress");
  input.form?.addEventListener("htmx:xhr:progress", (event) => {
    if (!event.detail.lengthComputable || !input.files.length) return;
    bar.hidden = false;
    bar.value = (event.detail.loaded / event.detail.total) * 100;
  });
}

/* While a photo is being made smaller its form waits. One may have been chosen before this script came. */
function hold(box, input) {
  let working = null;
  const begin = () => {
    working = chosen(box, input).finally(() => { working = null; });
  };
  input.addEventListener("change", begin);
  if (input.files.length) begin();
  input.form?.addEventListener("submit", (event) => {
    if (!working) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    working.then(() => {
      delete input.form.dataset.sending;
      input.form.requestSubmit(submitter ?? undefined);
    });
  });
}

export function enhance(root) {
  for (const box of root.querySelectorAll("[data-photo]")) {
    if (box.dataset.bound) continue;
    box.dataset.bound = "1";
    const input = box.querySelector('input[type="file"]');
    hold(box, input);
    follow(box, input);
  }
}
