// Draws one message of a chat: text, pictures, cards, places, stickers, templates.

import { asButton, el, fill, icon } from "./dom.js";
import { drawFlex } from "./flex.js";

export function drawMessage(bubble, context) {
  const drawer = DRAWERS[bubble.message.type] ?? drawUnknown;
  return drawer(bubble.message, context, bubble);
}

const DRAWERS = {
  text: (message, context, bubble) => drawText(message.text, context, bubble),
  textV2: (message, context, bubble) =>
    drawText(message.text.replaceAll("{{", "{").replaceAll("}}", "}"), context, bubble),
  flex: (message, { act }) => drawFlex(message.contents, act),
  template: (message, { act }) => drawTemplate(message.template, act),
  sticker: (message, { words }) => drawSticker(message, words),
  image: (message, context, bubble) => drawImage(message, bubble, context),
  location: (message, { words }) => drawLocation(message, words),
  file: (message, { words }, bubble) => drawFile(message, bubble, words),
};

function drawText(text, { person }, bubble) {
  const node = el("div", { class: "bubble", dir: "auto", lang: bubble.side === "bot" ? person.language : null });
  // Links and telephone numbers can be tapped, as in LINE.
  let last = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'、。）)]+/g)) {
    node.append(text.slice(last, found.index), link(found[0]));
    last = found.index + found[0].length;
  }
  node.append(text.slice(last));
  return node;
}

function link(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", text: address });
}

function drawTemplate(template, act) {
  if (template.type === "image_carousel") {
    const columns = template.columns.map((column) => {
      const picture = el("img", { src: column.imageUrl, alt: column.action.label ?? "" });
      return asButton(el("div", { class: "template picture" }, picture), column.action.label, () =>
        act(column.action));
    });
    return el("div", { class: "flex-carousel" }, ...columns);
  }
  const columns = template.columns ?? [template];
  const cards = columns.map((column) => drawColumn(column, template.type, act));
  return cards.length > 1 ? el("div", { class: "flex-carousel" }, ...cards) : cards[0];
}

function drawColumn(column, kind, act) {
  const words = el("div", { class: "template-words" });
  if (column.title) words.append(el("strong", { text: column.title }));
  words.append(el("p", { text: column.text }));
  const buttons = column.actions.map((action) =>
    el("button", { type: "button", text: action.label, onclick: () => act(action) }));
  return el("div", { class: `template ${kind}` },
    column.thumbnailImageUrl ? el("img", { src: column.thumbnailImageUrl, alt: "" }) : null,
    words,
    el("div", { class: "template-buttons" }, ...buttons));
}

function drawSticker(message, words) {
  const known = words.stickers.find(([, sticker]) => sticker === message.stickerId);
  const label = `${words.chat.sticker} ${message.packageId}/${message.stickerId}`;
  return el("div", { class: "sticker", role: "img", "aria-label": label, text: known?.[2] ?? "🙂" });
}

function drawImage(message, bubble, { words }) {
  const own = bubble.side === "user";
  const address = own ? `/sim/contents/${bubble.id}` : message.previewImageUrl;
  const picture = el("img", { class: "photo", src: address, alt: words.chat.photo });
  const whole = own ? address : message.originalContentUrl;
  return el("a", { href: whole, target: "_blank", rel: "noopener noreferrer" }, picture);
}

function drawLocation(message, words) {
  const place = message.title || words.chat.location;
  const point = `${message.latitude.toFixed(5)}, ${message.longitude.toFixed(5)}`;
  return el("div", { class: "card-like location" },
    el("div", { class: "map" }, icon("pin")),
    el("div", { class: "card-words" },
      el("strong", { text: place }),
      el("span", { text: message.address || point })));
}

function drawFile(message, bubble, words) {
  return el("a", { class: "card-like file", href: `/sim/contents/${bubble.id}`, download: message.fileName },
    icon("file"),
    el("div", { class: "card-words" },
      el("strong", { text: message.fileName || words.chat.file }),
      el("span", { text: `${Math.max(1, Math.round(message.fileSize / 1024))} KB` })));
}

function drawUnknown(message, { words }) {
  return el("div", { class: "bubble", text: fill(words.chat.unsupported, { type: message.type }) });
}

// What a message looks like in one line: in a quote, on the lock screen.
export function inOneLine(message, words) {
  if (message.altText) return message.altText;
  if (message.text) return message.text;
  return words.panel.sends[message.type] ?? message.fileName ?? message.type ?? "";
}
