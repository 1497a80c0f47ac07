/* What a record still lacks before it can be sent: the rules of inspections/visit_rules.py, as the phone asks them. */

export const UNSEEN = "UNSEEN";
export const SIGNATURE = "SIGN";
export const PROMOTION = "PROMO";

export const answerOf = (content, code) => content.answers.find((each) => each.code === code);
export const photosFor = (content, item) => content.manifest.filter((each) => each.item === item);

export function lacks(task, content) {
  if (content.outcome !== "done") return ofUnseen(content);
  const found = task.items.flatMap((item) => ofAnswer(item, answerOf(content, item.code), content).map((lack) => [item.code, lack]));
  const { place, audience, material } = content.promotion ?? {};
  if (task.promotion && !(place && audience && material)) found.push([PROMOTION, "promotion"]);
  if (content.manifest.length < task.min_photos) found.push(["", "photos"]);
  if (task.signed && !((content.signed_by && content.signature_sha256) || content.sign_refusal)) found.push([SIGNATURE, "signature"]);
  return found;
}

function ofUnseen(content) {
  const found = [];
  if (!answerOf(content, UNSEEN)?.text) found.push([UNSEEN, "text"]);
  if (!photosFor(content, UNSEEN).length) found.push([UNSEEN, "photo"]);
  return found;
}

function ofAnswer(item, answer, content) {
  if (!answer?.result) return ["answer"];
  if (answer.result === "na" || answer.result === "unseen") return [];
  const failing = answer.result === "fail";
  return [
    (failing || item.evidence === "text") && !answer.text && "text",
    (failing || item.evidence === "photo") && !photosFor(content, item.code).length && "photo",
    item.evidence === "number" && !answer.value && "value",
    failing && !answer.measure && "measure",
    failing && answer.measure === "deadline" && !answer.days && "days",
  ].filter(Boolean);
}
