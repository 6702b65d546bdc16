// The page where one is stands in sight; a click on a read-only field copies all of it.
"use strict";
const here = document.querySelector(".subpages [aria-current]");
if (here) here.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
for (const field of document.querySelectorAll("input[data-copy]")) {
  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => {
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(field.value).then(() => {
      const said = document.createElement("p");
      said.setAttribute("role", "status");
      said.textContent = field.dataset.copy;
      if (!field.nextElementSibling || field.nextElementSibling.getAttribute("role") !== "status") field.after(said);
    }, () => {});
  });
}
