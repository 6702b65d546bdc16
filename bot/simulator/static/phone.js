// The phone: shows the chat of one person, sends what they do, waits for what comes.

import { createActions } from "./actions.js";
import { createChat } from "./chat.js";
import { byId, el, fill, icon } from "./dom.js";
import { inOneLine } from "./messages.js";
import { createPanel } from "./panel.js";
import { loadWords } from "./words.js";

const words = await loadWords();
const state = { view: null, personId: "", quoting: null, menuOpen: new Map(), tray: "" };

export async function call(method, path, body) {
  const answer = await fetch(`/sim${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = await answer.json();
  if (!answer.ok) {
    toast(content.message);
    throw new Error(content.message);
  }
  return content;
}

const me = (path = "") => `/people/${state.personId}${path}`;
const send = (path, body = {}) => call("POST", me(path), body).catch(() => {});
const actions = createActions({ words, send, toast, state, me });
const chat = createChat({ words, act: actions.act, addContextMenu, onQuiet: scheduleRefresh });
const panel = createPanel({ words, call, send, me, state, choose, toast });

// ---------------------------------------------------------------- waiting for news

let waiting = null;

async function listen() {
  for (;;) {
    const person = state.personId;
    const since = state.view?.version;
    waiting = new AbortController();
    try {
      const query = since === undefined ? "" : `?since=${since}&wait=20`;
      const answer = await fetch(`/sim${me(query)}`, { signal: waiting.signal });
      if (answer.status === 404) {
        await start(true);
        continue;
      }
      const view = await answer.json();
      if (person !== state.personId) continue;
      state.view = view;
      show(view);
    } catch (error) {
      if (error.name === "AbortError") continue;
      toast(words.chat.offline);
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

export async function choose(personId) {
  state.personId = personId;
  state.view = null;
  chat.clear();
  setQuoting(null);
  location.hash = personId;
  localStorage.setItem("person", personId);
  waiting?.abort();
}

async function start(isLost = false) {
  const people = await call("GET", "/people");
  const wanted = isLost ? "" : location.hash.slice(1) || localStorage.getItem("person");
  let person = people.find((one) => one.id === wanted) ?? people[0];
  if (!person) {
    const own = navigator.language;
    const language = [own, own.split("-")[0]].find((one) => one in words.languages) ?? "en";
    person = await call("POST", "/people", {
      name: fill(words.panel.new_name, { number: 1 }), language,
    });
  }
  await choose(person.id);
}

// ---------------------------------------------------------------- showing

function show(view) {
  document.title = view.office.name;
  byId("office-name").textContent = view.office.name;
  byId("office-avatar").textContent = [...view.office.name][0] ?? "";
  byId("phone").classList.toggle("pc", view.person.on_pc);
  byId("chat").lang = view.person.language;
  chat.show(view);
  showChips(view.quick_replies);
  showMenu(view.rich_menu);
  showComposer(view);
  panel.show(view);
}

let refresh = 0;
function scheduleRefresh(seconds) {
  clearTimeout(refresh);
  refresh = setTimeout(() => {
    if (!state.view) return;
    state.view.loading_for = 0;
    show(state.view);
  }, seconds * 1000);
}

function showChips(items) {
  const chips = byId("chips");
  const drawn = JSON.stringify(items);
  if (chips.dataset.drawn === drawn) return;
  chips.dataset.drawn = drawn;
  chips.hidden = items.length === 0;
  chips.scrollLeft = 0;
  chips.setAttribute("lang", state.view.person.language);
  chips.replaceChildren(...items.map((item) =>
    el("button", { class: "chip", type: "button", onclick: () => actions.act(item.action) },
      item.imageUrl ? el("img", { src: item.imageUrl, alt: "" }) : null,
      el("span", { text: item.action.label, dir: "auto" }))));
  chat.toEnd();
}

function showMenu(menu) {
  const area = byId("rich-menu");
  const toggle = byId("menu-toggle");
  toggle.hidden = !menu;
  if (!menu) {
    area.hidden = true;
    delete area.dataset.menu;
    return;
  }
  if (!state.menuOpen.has(menu.richMenuId)) state.menuOpen.set(menu.richMenuId, menu.selected);
  const isOpen = state.menuOpen.get(menu.richMenuId);
  area.hidden = !isOpen;
  toggle.replaceChildren(icon(isOpen ? "keyboard" : "menu"));
  toggle.setAttribute("aria-label", isOpen ? words.buttons.keyboard : menu.chatBarText);
  toggle.title = menu.chatBarText;
  if (area.dataset.menu === menu.richMenuId) return;
  area.dataset.menu = menu.richMenuId;
  const { width, height } = menu.size;
  const picture = el("img", { src: `/sim/richmenus/${menu.richMenuId}/picture`, alt: menu.chatBarText });
  const map = el("div", { class: "menu-map", style: { aspectRatio: `${width} / ${height}` } }, picture);
  for (const { bounds, action } of menu.areas) {
    map.append(el("button", {
      type: "button",
      "aria-label": action.label ?? action.displayText ?? action.text ?? action.type,
      style: {
        left: `${(bounds.x / width) * 100}%`, top: `${(bounds.y / height) * 100}%`,
        width: `${(bounds.width / width) * 100}%`, height: `${(bounds.height / height) * 100}%`,
      },
      onclick: () => actions.act(action),
    }));
  }
  area.replaceChildren(map, el("button", {
    class: "menu-name", type: "button", text: `${menu.chatBarText} ▾`, onclick: toggleMenu,
  }));
}

function toggleMenu() {
  const menu = state.view?.rich_menu;
  if (!menu) return;
  state.menuOpen.set(menu.richMenuId, !state.menuOpen.get(menu.richMenuId));
  showMenu(menu);
}

function showComposer(view) {
  const blocked = view.person.is_blocking;
  byId("composer").classList.toggle("blocked", blocked);
  byId("text").disabled = blocked;
  byId("text").placeholder = blocked
    ? fill(words.chat.blocked, { office: view.office.name })
    : words.chat.type_here;
}

let hiding = 0;
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { node.hidden = true; }, 3500);
}

// ---------------------------------------------------------------- a bubble's own menu

function addContextMenu(node, bubble) {
  let press = 0;
  node.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    openContext(bubble, event.clientX, event.clientY);
  });
  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    press = setTimeout(() => openContext(bubble, event.clientX, event.clientY), 550);
  });
  for (const end of ["pointerup", "pointermove", "pointercancel"]) {
    node.addEventListener(end, () => clearTimeout(press));
  }
}

function openContext(bubble, x, y) {
  const menu = byId("context");
  const choice = (text, act) => el("button", {
    type: "button", role: "menuitem", text, onclick: () => { menu.hidden = true; act(); },
  });
  const choices = [];
  if (bubble.can_be_quoted) choices.push(choice(words.buttons.reply, () => setQuoting(bubble)));
  if (bubble.message.text) {
    choices.push(choice(words.buttons.copy, () => actions.copy(bubble.message.text)));
  }
  if (bubble.side === "user") {
    choices.push(choice(words.buttons.unsend, () => send("/unsend", { message: bubble.id })));
  }
  if (!choices.length) return;
  menu.replaceChildren(...choices);
  menu.hidden = false;
  menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 8)}px`;
  menu.firstElementChild.focus();
}

document.addEventListener("pointerdown", (event) => {
  if (!byId("context").contains(event.target)) byId("context").hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") byId("context").hidden = true;
});

function setQuoting(bubble) {
  state.quoting = bubble;
  const bar = byId("quoting");
  bar.hidden = !bubble;
  if (!bubble) return;
  const close = el("button", {
    class: "icon-button", type: "button", "aria-label": words.buttons.cancel,
    onclick: () => setQuoting(null),
  }, icon("close"));
  bar.replaceChildren(el("span", { text: inOneLine(bubble.message, words) }), close);
  byId("text").focus();
}

// ---------------------------------------------------------------- the typing box

function grow() {
  const box = byId("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 110)}px`;
  byId("composer").classList.toggle("typing", box.value.trim() !== "");
}

async function sendText() {
  const box = byId("text");
  const text = box.value.trim();
  if (!text) return;
  const quoting = state.quoting?.id;
  box.value = "";
  grow();
  setQuoting(null);
  await send("/text", quoting ? { text, quoting } : { text });
}

function openTray(kind) {
  const tray = byId("tray");
  state.tray = state.tray === kind ? "" : kind;
  tray.hidden = !state.tray;
  if (!state.tray) return;
  const close = (act) => () => { openTray(state.tray); act(); };
  if (kind === "stickers") {
    tray.replaceChildren(...words.stickers.map(([pack, sticker, picture]) =>
      el("button", { class: "tray-sticker", type: "button", text: picture,
        "aria-label": `${words.buttons.sticker} ${sticker}`,
        onclick: close(() => send("/sticker", { package: pack, sticker })) })));
    return;
  }
  const entry = (name, text, act) => el("button", { class: "tray-entry", type: "button",
    onclick: close(act) }, el("span", { class: "tray-icon" }, icon(name)), el("span", { text }));
  tray.replaceChildren(
    entry("photo", words.buttons.photo, () => actions.chooseFile("image/*")),
    entry("file", words.buttons.file, () => actions.chooseFile("")),
    entry("pin", words.buttons.location, () => actions.askLocation()));
}

function furnish() {
  const furniture = [
    ["plus", "plus", words.buttons.plus, () => openTray("more")],
    ["stickers", "smile", words.buttons.sticker, () => openTray("stickers")],
    ["send", "send", words.buttons.send, sendText],
    ["menu-toggle", "menu", words.buttons.menu, toggleMenu],
    ["open-panel", "settings", words.buttons.settings, () => byId("panel").classList.toggle("open")],
  ];
  for (const [id, picture, label, act] of furniture) {
    byId(id).append(icon(picture));
    byId(id).setAttribute("aria-label", label);
    byId(id).addEventListener("click", act);
  }
  // A picture that arrives late makes the chat longer: stay at its end.
  byId("chat").addEventListener("load", (event) => {
    const box = byId("chat");
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (below < event.target.offsetHeight + 120) chat.toEnd();
  }, true);
  const box = byId("text");
  box.setAttribute("aria-label", words.chat.type_here);
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendText();
    }
  });
}

furnish();
await start();
listen();
