// Beside the phone: whose phone it is, its settings, the lock screen, what goes wrong.

import { byId, el, fill, icon } from "./dom.js";
import { inOneLine } from "./messages.js";

export function createPanel({ words, call, send, me, state, choose, toast }) {
  const text = words.panel;
  const people = el("select", { id: "person", "aria-label": text.person,
    onchange: () => choose(people.value) });
  const language = el("select", { id: "language", "aria-label": text.language,
    onchange: () => change({ language: language.value }) },
    ...Object.entries(words.languages).map(([code, name]) => el("option", { value: code, text: name, lang: code })));
  const pc = checkbox("pc", () => change({ on_pc: pc.checked }));
  const shares = checkbox("shares", () => change({ consented_to_language: shares.checked }));
  const redelivery = checkbox("redelivery", () => fault({ redelivery: redelivery.checked }));
  const block = el("button", { type: "button", id: "block", class: "quiet",
    onclick: () => send(state.view.person.is_blocking ? "/unblock" : "/block") });
  const friend = el("button", { type: "button", id: "friend", class: "quiet", text: text.friend,
    onclick: () => send("/follow") });
  const lock = el("div", { class: "lock-screen" });
  const facts = el("dl", { class: "facts" });
  const error = el("pre", { id: "last-error" });
  const switchedOn = el("p", { class: "switched-on" });
  let known = "";

  const change = (settings) => call("PATCH", me(), settings).catch(() => {});
  const fault = (body) => call("POST", "/faults", body).catch(() => {});

  function checkbox(id, act) {
    return el("input", { type: "checkbox", id, onchange: act });
  }

  function toggle(input, label, note) {
    return el("label", { class: "switch" },
      el("span", {}, label, note ? el("small", { text: note }) : null), input);
  }

  async function addPerson() {
    const all = await call("GET", "/people");
    const person = await call("POST", "/people", {
      name: fill(text.new_name, { number: all.length + 1 }), language: language.value || "en",
    });
    await choose(person.id);
  }

  const webhookFaults = Object.entries(words.faults.webhook).map(([kind, label]) =>
    el("button", { type: "button", class: "fault", text: label,
      onclick: () => fault({ webhook: { [kind]: ["merge", "shuffle"].includes(kind) ? 2 : 1 } }) }));
  const apiFaults = words.faults.api.map(([label, one]) =>
    el("button", { type: "button", class: "fault", text: label, onclick: () => fault({ api: [one] }) }));

  async function verify() {
    const answer = await call("POST", "/verify", {});
    toast(`${answer.reason} ${answer.statusCode}`);
  }

  byId("panel").append(
    el("header", {}, el("h2", { text: text.title }),
      el("button", { class: "icon-button close-panel", type: "button", "aria-label": words.buttons.close,
        onclick: () => byId("panel").classList.remove("open") }, icon("close"))),
    el("section", {},
      el("label", { class: "field" }, el("span", { text: text.person }),
        el("span", { class: "pair" }, people,
          el("button", { type: "button", class: "quiet", text: text.new_person, onclick: addPerson }))),
      el("label", { class: "field" }, el("span", { text: text.language }), language),
      toggle(shares, text.shares_language),
      toggle(pc, text.pc, text.pc_note),
      el("div", { class: "pair" }, friend, block)),
    el("section", {}, el("h3", { text: text.lock_screen }), lock),
    el("section", {}, el("h3", { text: text.bot }), facts, el("h4", { text: text.error }), error,
      el("button", { type: "button", class: "quiet", text: text.verify, onclick: verify })),
    el("details", { class: "faults" }, el("summary", { text: text.faults }),
      toggle(redelivery, text.redelivery),
      el("div", { class: "fault-list" }, ...webhookFaults, ...apiFaults),
      switchedOn,
      el("button", { type: "button", class: "quiet", text: text.all_well,
        onclick: () => call("DELETE", "/faults") })));

  async function listPeople(view) {
    const key = `${view.person.id} ${view.person.name}`;
    if (key === known) return;
    known = key;
    const all = await call("GET", "/people");
    people.replaceChildren(...all.map((one) => el("option", { value: one.id, text: one.name })));
    people.value = view.person.id;
  }

  function show(view) {
    listPeople(view);
    const { person } = view;
    if (![...language.options].some((option) => option.value === person.language)) {
      language.append(el("option", { value: person.language, text: person.language }));
    }
    language.value = person.language;
    pc.checked = person.on_pc;
    shares.checked = person.consented_to_language;
    redelivery.checked = view.faults.redelivery;
    block.textContent = person.is_blocking ? text.unblock : text.block;
    friend.hidden = person.is_friend;
    showLock(view);
    showFacts(view);
    const on = [...Object.keys(view.faults.webhook), ...view.faults.api.map((one) => `${one.kind} ${one.path}`)];
    switchedOn.textContent = on.join(" · ");
  }

  function showLock(view) {
    const preview = view.preview;
    lock.replaceChildren(preview
      ? el("div", { class: "notice", id: "notice" },
        el("strong", { text: view.office.name }),
        el("span", { text: inOneLine(preview, words), lang: view.person.language }))
      : el("div", { class: "notice faint", text: text.lock_screen_empty }));
  }

  function showFacts(view) {
    const last = view.last_delivery;
    const delivery = last
      ? `${last.status ?? last.why} · ${Math.round(last.seconds * 1000)} ms`
      : text.none;
    const limit = view.quota.limit ?? text.no_limit;
    facts.replaceChildren(
      el("dt", { text: text.delivery }), el("dd", { text: delivery }),
      el("dt", { text: text.quota }), el("dd", { text: `${view.quota.used} / ${limit}` }));
    const refused = view.last_error;
    error.textContent = refused
      ? `${refused.status} ${refused.path}\n${JSON.stringify(refused.error, null, 1)}`
      : text.none;
  }

  return { show };
}
