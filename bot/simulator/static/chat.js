// The chat itself: rows of bubbles in order, days between them, kept in step with the platform.

import { byId, el, fill } from "./dom.js";
import { drawMessage, inOneLine } from "./messages.js";

export function createChat({ words, act, addContextMenu, onQuiet }) {
  const nodes = new Map(); // message id -> { drawn, node }

  function show(view) {
    const chat = byId("chat");
    const wasAtEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
    const rows = [];
    let day = "";
    let before = null;
    for (const bubble of view.bubbles) {
      const itsDay = dayOf(bubble.at);
      if (itsDay !== day) {
        day = itsDay;
        before = null;
        rows.push(keep(`day-${day}`, day, () => el("div", { class: "day", text: dayName(bubble.at) })));
      }
      const isFirst = before?.side !== bubble.side || before.is_unsent;
      const key = JSON.stringify([bubble, isFirst, view.office.name, view.person.language]);
      rows.push(keep(bubble.id, key, () => drawRow(bubble, view, isFirst)));
      before = bubble;
    }
    if (view.loading_for > 0) {
      rows.push(keep("loading", "", () => drawLoading(view)));
      onQuiet(view.loading_for);
    }
    if (!rows.length) {
      const text = fill(words.chat.empty, { office: view.office.name });
      rows.push(keep("empty", text, () => el("div", { class: "day", text })));
    }
    const last = rows.at(-1);
    const isNew = last !== chat.lastElementChild;
    sync(chat, rows);
    if (isNew && (wasAtEnd || view.bubbles.at(-1)?.side === "user")) toEnd();
  }

  // Touches only what changed: a row that is put in anew would play its entrance again.
  function sync(parent, rows) {
    const wanted = new Set(rows);
    for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
    rows.forEach((row, index) => {
      if (parent.children[index] !== row) parent.insertBefore(row, parent.children[index] ?? null);
    });
  }

  function toEnd() {
    const chat = byId("chat");
    chat.scrollTop = chat.scrollHeight;
  }

  function keep(id, drawn, draw) {
    const known = nodes.get(id);
    if (known?.drawn === drawn) return known.node;
    const node = draw();
    nodes.set(id, { drawn, node });
    return node;
  }

  function drawRow(bubble, view, isFirst) {
    if (bubble.is_unsent) return el("div", { class: "day", text: words.chat.unsent_by_you });
    const isBot = bubble.side === "bot";
    const row = el("div", {
      class: `row ${bubble.side}${isFirst ? " first" : ""} kind-${bubble.message.type}`,
      data: { id: bubble.id, side: bubble.side },
    });
    if (isBot) {
      row.append(el("span", { class: "avatar", "aria-hidden": "true",
        text: isFirst ? [...view.office.name][0] : "" }));
    }
    const stack = el("div", { class: "stack" });
    if (bubble.message.sender?.name) {
      const values = { name: bubble.message.sender.name, office: view.office.name };
      stack.append(el("div", { class: "sender", text: fill(words.chat.sender, values) }));
    }
    const body = drawMessage(bubble, { act: act, words, person: view.person });
    const quoted = bubble.quoted_id && view.bubbles.find((one) => one.id === bubble.quoted_id);
    if (quoted) body.prepend(drawQuote(quoted, view));
    stack.append(body);
    row.append(stack, el("span", { class: "time" },
      !isBot && bubble.is_read ? el("span", { text: words.chat.read }) : null,
      el("span", { text: timeOf(bubble.at) })));
    addContextMenu(stack, bubble);
    return row;
  }

  function drawQuote(quoted, view) {
    const name = quoted.side === "bot" ? view.office.name : view.person.name;
    const text = quoted.is_unsent ? words.chat.unsent_by_you : inOneLine(quoted.message, words);
    return el("div", { class: "quote" }, el("strong", { text: name }), el("span", { text }));
  }

  function drawLoading(view) {
    return el("div", { class: "row bot first loading", role: "status" },
      el("span", { class: "avatar", text: [...view.office.name][0] }),
      el("div", { class: "bubble dots" }, el("i"), el("i"), el("i")));
  }

  const zone = "Asia/Tokyo";
  const dayOf = (at) => new Date(at * 1000).toLocaleDateString("sv", { timeZone: zone });
  const timeOf = (at) =>
    new Date(at * 1000).toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });

  function dayName(at) {
    const now = Date.now() / 1000;
    if (dayOf(at) === dayOf(now)) return words.chat.today;
    if (dayOf(at) === dayOf(now - 86400)) return words.chat.yesterday;
    return new Date(at * 1000).toLocaleDateString(words.language, {
      timeZone: zone, weekday: "short", year: "numeric", month: "short", day: "numeric",
    });
  }

  function clear() {
    nodes.clear();
    byId("chat").replaceChildren();
  }

  return { show, clear, toEnd };
}
