// Draws Flex messages the way LINE does: sizes, gaps and the flexbox rules of its renderer.

import { asButton, el } from "./dom.js";

const GAPS = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const TEXT = {
  xxs: "11px", xs: "13px", sm: "14px", md: "16px", lg: "19px", xl: "22px", xxl: "29px",
  "3xl": "35px", "4xl": "48px", "5xl": "74px",
};
const PICTURE = {
  xxs: "40px", xs: "60px", sm: "80px", md: "100px", lg: "120px", xl: "140px", xxl: "160px",
  "3xl": "180px", "4xl": "200px", "5xl": "220px", full: "100%",
};
const BORDERS = {
  none: "0", light: ".5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px",
};
const SIDES = { start: "left", center: "center", end: "right" };
const PLACES = { top: "flex-start", center: "center", bottom: "flex-end" };

const named = (value, names) => (value === undefined ? undefined : (names[value] ?? value));

export function drawFlex(contents, act) {
  if (contents.type === "carousel") {
    const bubbles = contents.contents.map((bubble) => drawBubble(bubble, act));
    return el("div", { class: "flex-carousel", tabindex: "0" }, ...bubbles);
  }
  return drawBubble(contents, act);
}

function drawBubble(bubble, act) {
  const size = bubble.size ?? "mega";
  const node = el("div", { class: `flex-bubble size-${size}`, dir: bubble.direction ?? "ltr" });
  let isFirst = true;
  for (const place of ["header", "hero", "body", "footer"]) {
    const content = bubble[place];
    if (!content) continue;
    const look = bubble.styles?.[place] ?? {};
    const block = el("div", { class: `flex-block flex-${place}` });
    if (look.backgroundColor) block.style.backgroundColor = look.backgroundColor;
    if (look.separator && !isFirst) {
      block.style.borderTop = `1px solid ${look.separatorColor ?? "#d4d6da"}`;
    }
    const inner = draw(content, "vertical", act);
    if (content.type === "box") addPadding(inner, content, true);
    block.append(inner);
    node.append(block);
    isFirst = false;
  }
  if (bubble.action) pressable(node, bubble.action, act);
  return node;
}

const DRAWERS = {
  box: drawBox,
  text: drawText,
  button: drawButton,
  image: drawImage,
  icon: drawIcon,
  video: (part, layout, act) => draw(part.altContent, layout, act),
  separator: drawSeparator,
  filler: () => el("div", { class: "flex-filler" }),
};

function draw(part, layout, act) {
  const drawer = DRAWERS[part.type];
  if (!drawer) return el("div");
  const node = drawer(part, layout, act);
  place(node, part, layout);
  return node;
}

// A child of a row shares its width unless its flex is 0; a child of a column keeps its height.
function place(node, part, layout) {
  const isRow = layout !== "vertical";
  const share = part.flex ?? (part.type === "filler" ? 1 : isRow && part.type !== "icon" ? 1 : 0);
  if (part.type !== "separator") {
    node.style.flex = share > 0 ? `${share} ${isRow ? 1 : 0} ${isRow ? "0" : "auto"}` : "0 0 auto";
  }
  if (isRow && share > 0) node.style.minWidth = "0";
  if (part.width) Object.assign(node.style, { width: part.width, flex: "0 0 auto" });
  if (part.gravity && layout !== "baseline") {
    if (isRow) node.style.alignSelf = PLACES[part.gravity];
    else node.style.marginBlock = part.gravity === "center" ? "auto" : null;
  }
  if (part.position === "absolute") node.style.position = "absolute";
  else if (part.offsetTop || part.offsetBottom || part.offsetStart || part.offsetEnd) {
    node.style.position = "relative";
  }
  node.style.top = named(part.offsetTop, GAPS) ?? "";
  node.style.bottom = named(part.offsetBottom, GAPS) ?? "";
  node.style.insetInlineStart = named(part.offsetStart, GAPS) ?? "";
  node.style.insetInlineEnd = named(part.offsetEnd, GAPS) ?? "";
}

function drawBox(box, _layout, act) {
  const node = el("div", { class: `flex-box flex-${box.layout}` });
  box.contents.forEach((part, index) => {
    const child = draw(part, box.layout, act);
    const gap = named(part.margin, GAPS) ?? named(box.spacing, GAPS);
    if (index > 0 && gap && part.position !== "absolute") {
      child.style[box.layout === "vertical" ? "marginTop" : "marginInlineStart"] = gap;
    }
    node.append(child);
  });
  const style = node.style;
  if (box.backgroundColor) style.backgroundColor = box.backgroundColor;
  if (box.background?.type === "linearGradient") {
    const { angle, startColor, centerColor, centerPosition, endColor } = box.background;
    const middle = centerColor ? `, ${centerColor} ${centerPosition ?? "50%"}` : "";
    style.backgroundImage = `linear-gradient(${angle}, ${startColor}${middle}, ${endColor})`;
  }
  if (box.borderWidth || box.borderColor) {
    const width = named(box.borderWidth, BORDERS) ?? "1px";
    style.border = `${width} solid ${box.borderColor ?? "#000000"}`;
  }
  if (box.cornerRadius) {
    style.borderRadius = named(box.cornerRadius, GAPS);
    style.overflow = "hidden";
  }
  for (const key of ["maxWidth", "height", "maxHeight", "justifyContent", "alignItems"]) {
    if (box[key]) style[key] = box[key];
  }
  addPadding(node, box, false);
  if (box.action) pressable(node, box.action, act);
  return node;
}

function addPadding(node, box, isBlock) {
  if (box.paddingAll) node.style.padding = named(box.paddingAll, GAPS);
  else if (isBlock) node.classList.add("flex-padded");
  const sides = {
    paddingTop: "paddingTop", paddingBottom: "paddingBottom",
    paddingStart: "paddingInlineStart", paddingEnd: "paddingInlineEnd",
  };
  for (const [key, side] of Object.entries(sides)) {
    if (box[key]) node.style[side] = named(box[key], GAPS);
  }
}

function letters(node, part) {
  if (part.size) node.style.fontSize = named(part.size, TEXT);
  if (part.color) node.style.color = part.color;
  if (part.weight) node.style.fontWeight = part.weight === "bold" ? "700" : "400";
  if (part.style) node.style.fontStyle = part.style;
  if (part.decoration) node.style.textDecoration = part.decoration;
}

function drawText(part, _layout, act) {
  const node = el("div", { class: part.wrap ? "flex-text wraps" : "flex-text" });
  letters(node, part);
  if (part.contents?.length) {
    for (const span of part.contents) {
      const piece = el("span", { text: span.text });
      letters(piece, span);
      node.append(piece);
    }
  } else node.textContent = part.text;
  if (part.align) node.style.textAlign = part.align;
  if (part.wrap && part.maxLines) {
    node.classList.add("clamped");
    node.style.webkitLineClamp = part.maxLines;
  }
  if (part.lineSpacing) node.style.lineHeight = `calc(1.4em + ${part.lineSpacing})`;
  if (part.action) pressable(node, part.action, act);
  return node;
}

function drawButton(part, _layout, act) {
  const style = part.style ?? "link";
  const node = el("button", {
    class: `flex-button style-${style} height-${part.height ?? "md"}`,
    type: "button",
    onclick: () => act(part.action),
  }, el("span", { text: part.action.label }));
  if (part.color) node.style[style === "link" ? "color" : "backgroundColor"] = part.color;
  return node;
}

function drawImage(part, _layout, act) {
  const [width, height] = (part.aspectRatio ?? "1:1").split(":").map(Number);
  const picture = el("img", { src: part.url, alt: "", loading: "lazy" });
  picture.style.objectFit = part.aspectMode === "cover" ? "cover" : "contain";
  const frame = el("div", { class: "flex-image" }, picture);
  frame.style.aspectRatio = `${width} / ${height}`;
  frame.style.width = named(part.size ?? "md", PICTURE);
  if (part.backgroundColor) frame.style.backgroundColor = part.backgroundColor;
  const node = el("div", { class: "flex-image-place" }, frame);
  node.style.justifyContent = SIDES[part.align ?? "center"];
  if (part.action) pressable(node, part.action, act);
  return node;
}

function drawIcon(part) {
  const size = named(part.size ?? "md", TEXT);
  const node = el("img", { class: "flex-icon", src: part.url, alt: "" });
  node.style.height = size;
  return node;
}

function drawSeparator(part, layout) {
  const node = el("div", { class: layout === "vertical" ? "flex-line" : "flex-line upright" });
  if (part.color) node.style.backgroundColor = part.color;
  return node;
}

function pressable(node, action, act) {
  node.classList.add("pressable");
  asButton(node, action.label, () => act(action));
}
