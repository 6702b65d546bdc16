// What the pages do beyond plain forms: the end of the thread in sight, drafts that survive, Ctrl+Enter,
// a sound and a notification when something waits. Everything works without this file.
"use strict";
(function () {
  const kept = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* private window */ } },
  };
  const thread = () => document.getElementById("thread");
  let near = true;

  function toEnd() { const box = thread(); if (box && near) box.scrollTop = box.scrollHeight; }
  document.addEventListener("scroll", (event) => {
    const box = thread();
    if (box && event.target === box) near = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  }, true);
  // Nobody looks at a case in the background; the inbox goes on asking, for its signals.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.id === "live") event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", () => {
    const box = thread();
    if (box) document.body.dataset.scroll = String(box.scrollTop);
  });
  document.addEventListener("htmx:afterSwap", () => {
    const box = thread();
    if (box && !near) box.scrollTop = Number(document.body.dataset.scroll || 0);
    toEnd();
    signal();
  });

  // Drafts: what was typed is there again after a reload of this tab; sending forgets it.
  const field = document.querySelector("textarea[data-draft]");
  if (field) {
    const key = "draft-" + field.dataset.draft;
    const draft = {
      get() { try { return sessionStorage.getItem(key); } catch { return null; } },
      set(value) { try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* private window */ } },
    };
    if (!field.value) field.value = draft.get() || "";
    field.addEventListener("input", () => draft.set(field.value));
    field.form.addEventListener("submit", () => draft.set(""));
  }
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea") && target.form) {
      event.preventDefault();
      target.form.requestSubmit();
    }
    if (/^(input|textarea|select)$/i.test(target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...document.querySelectorAll(".cases a")];
    if ((event.key === "j" || event.key === "k") && rows.length) {
      const here = rows.indexOf(document.activeElement);
      const next = Math.min(rows.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)));
      rows[next].focus();
    }
    if (event.key === "r") { const text = document.getElementById("text"); if (text) { event.preventDefault(); text.focus(); } }
  });
  // A form that was sent is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") { form.dataset.sent = "yes"; setTimeout(() => delete form.dataset.sent, 4000); }
  });

  // Signals
  let before = null;
  function signal() {
    const box = document.querySelector("[data-signal-count]");
    if (!box) return;
    const number = Number(box.dataset.signalCount);
    document.title = (number ? "(" + number + ") " : "") + document.title.replace(/^\(\d+\) /, "");
    if (before !== null && number > before) {
      if (kept.get("desk-sound") === "yes") beep();
      if (kept.get("desk-notify") === "yes" && "Notification" in window && Notification.permission === "granted") new Notification(document.title);
    }
    before = number;
  }
  function beep() {
    try {
      const audio = new AudioContext(), tone = audio.createOscillator(), volume = audio.createGain();
      tone.frequency.value = 660; volume.gain.value = 0.08;
      tone.connect(volume).connect(audio.destination);
      tone.start(); tone.stop(audio.currentTime + 0.25);
    } catch { /* no sound here */ }
  }
  for (const button of document.querySelectorAll("[data-signal]")) {
    const key = "desk-" + button.dataset.signal;
    const show = () => button.setAttribute("aria-pressed", String(kept.get(key) === "yes"));
    show();
    button.addEventListener("click", async () => {
      const on = kept.get(key) !== "yes";
      if (on && button.dataset.signal === "notify" && "Notification" in window) await Notification.requestPermission();
      kept.set(key, on ? "yes" : null);
      if (on && button.dataset.signal === "sound") beep();
      show();
    });
  }
  signal();
  toEnd();
})();
