// What happens when a button is tapped: some actions go to LINE, others are the phone's own.

import { byId, el } from "./dom.js";

export function createActions({ words, send, toast, state, me }) {
  const tell = (action, params) => send("/act", params ? { action, params } : { action });

  async function act(action) {
    if (action.type === "uri") {
      window.open(action.uri, "_blank", "noopener,noreferrer");
      await tell(action);
    } else if (action.type === "clipboard") {
      await tell(action);
      await copy(action.clipboardText);
    } else if (action.type === "datetimepicker") {
      askDate(action);
    } else if (action.type === "location") {
      await tell(action);
      askLocation();
    } else if (action.type === "camera" || action.type === "cameraRoll") {
      await tell(action);
      chooseFile("image/*", action.type === "camera");
    } else {
      await tell(action);
      if (action.inputOption === "openKeyboard") {
        byId("text").value = action.fillInText ?? "";
        byId("text").focus();
      }
    }
  }

  async function copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    toast(words.chat.copied);
  }

  function openSheet(title, fields, confirm) {
    const sheet = byId("sheet");
    const close = () => sheet.close();
    sheet.replaceChildren(
      el("h2", { text: title }),
      ...fields,
      el("div", { class: "sheet-buttons" },
        el("button", { type: "button", class: "quiet", text: words.buttons.cancel, onclick: close }),
        el("button", { type: "button", class: "strong", text: words.buttons.send,
          onclick: () => { if (confirm() !== false) close(); } })));
    sheet.showModal();
    // Where a phone would show it: at the lower end of the phone, not of the window.
    const phone = byId("phone").getBoundingClientRect();
    sheet.style.left = `${phone.left + (phone.width - sheet.offsetWidth) / 2}px`;
    sheet.style.top = `${phone.bottom - sheet.offsetHeight - 34}px`;
  }

  function askDate(action) {
    const kind = action.mode === "datetime" ? "datetime-local" : action.mode;
    const now = new Date(Date.now() + 9 * 3600 * 1000).toISOString(); // the clock in Japan
    const initial = { date: now.slice(0, 10), time: now.slice(11, 16), datetime: now.slice(0, 16) };
    const plain = (value) => value?.replace("t", "T");
    const input = el("input", {
      type: kind, id: "picked", min: plain(action.min), max: plain(action.max),
      value: plain(action.initial) ?? initial[action.mode], "aria-label": words.picker[action.mode],
    });
    openSheet(words.picker[action.mode], [input], () => {
      if (!input.value || !input.reportValidity()) return false;
      tell(action, { [action.mode]: input.value.slice(0, 16) });
      return true;
    });
  }

  function askLocation() {
    const text = words.location;
    const address = el("textarea", { id: "address", rows: "2" });
    const latitude = el("input", { id: "latitude", type: "number", step: "any", min: "-90", max: "90" });
    const longitude = el("input", { id: "longitude", type: "number", step: "any", min: "-180", max: "180" });
    const choice = el("select", { id: "example" },
      ...text.examples.map(([name], index) => el("option", { value: String(index), text: name })));
    const take = () => {
      const [, itsAddress, itsLatitude, itsLongitude] = text.examples[Number(choice.value)];
      address.value = itsAddress;
      latitude.value = itsLatitude;
      longitude.value = itsLongitude;
    };
    choice.addEventListener("change", take);
    take();
    const field = (label, input) => el("label", {}, el("span", { text: label }), input);
    const fields = [
      field(text.example, choice), field(text.address, address),
      el("div", { class: "pair" }, field(text.latitude, latitude), field(text.longitude, longitude)),
    ];
    openSheet(text.title, fields, () => {
      if (!latitude.reportValidity() || !longitude.reportValidity()) return false;
      send("/location", {
        address: address.value.trim() || null,
        latitude: Number(latitude.value), longitude: Number(longitude.value),
      });
      return true;
    });
  }

  function chooseFile(accept, isCamera = false) {
    const input = byId("file");
    input.value = "";
    input.accept = accept;
    if (isCamera) input.setAttribute("capture", "environment");
    else input.removeAttribute("capture");
    input.onchange = () => { if (input.files[0]) upload(input.files[0], accept === "image/*"); };
    input.click();
  }

  async function upload(file, isPhoto) {
    const name = isPhoto ? "" : encodeURIComponent(file.name);
    const answer = await fetch(`/sim${me(`/file?name=${name}`)}`, {
      method: "POST", body: file,
      headers: { "content-type": file.type || "application/octet-stream" },
    });
    if (!answer.ok) toast((await answer.json()).message);
  }

  return { act, askLocation, chooseFile, copy, state };
}
