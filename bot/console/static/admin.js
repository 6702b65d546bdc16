// What a click copies: the whole of a read-only field.
"use strict";
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
