// Builds elements from text only: nothing that came from outside is ever read as HTML.

export function el(tag, settings = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "text") node.textContent = value;
    else if (key === "style") Object.assign(node.style, value);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

const SHAPES = {
  plus: "M12 5v14M5 12h14",
  send: "M4 12l16-8-5 17-4-7z",
  smile: "M12 3a9 9 0 100 18 9 9 0 000-18zM8.500 14.500c1.800 2.200 5.200 2.200 7 0M9 9.500v.5M15 9.500v.5",
  keyboard: "M3 7h18v11H3zM6.500 10.500h.5M10 10.500h.5M13.500 10.500h.5M17 10.500h.5M7.500 14.500h9",
  menu: "M4 7h16M4 12h16M4 17h16",
  settings: "M4 8h9M17 8h3M4 16h3M11 16h9M15 5.800v4.400M9 13.800v4.400",
  close: "M6 6l12 12M18 6L6 18",
  pin: "M12 21s7-6.500 7-11.500A7 7 0 005 9.500C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 100-5 2.500 2.500 0 000 5z",
  photo: "M3 6h18v13H3zM3 16l5-5 4 4 3-3 6 5M15.500 9.500h.5",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function asButton(node, label, act) {
  node.setAttribute("role", "button");
  node.setAttribute("tabindex", "0");
  if (label) node.setAttribute("aria-label", label);
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    act();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act();
    }
  });
  return node;
}
