/* The record form: counts what is rated, of every kind of scoring, and unfolds the fields of a finding. The page is right
   without it; drafts and added rows are ui/jizhi.js. */
(() => {
  "use strict";
  const rated = (item) => {
    const inputs = [...item.querySelectorAll("input")];
    if (inputs.some((input) => (input.type === "checkbox" || input.type === "radio") && input.checked)) return true;
    const typed = inputs.filter((input) => input.type === "number" || input.type === "text");
    return typed.length > 0 && typed.every((input) => input.value.trim() !== "");
  };
  const counted = (scope) => {
    const items = [...scope.querySelectorAll("[data-item]")];
    return [items.filter(rated).length, items.length];
  };
  const count = () => {
    const whole = document.querySelector("[data-rated-in]");
    if (!whole) return;
    const [done, total] = counted(whole);
    for (const mark of document.querySelectorAll("[data-rated]")) mark.textContent = `已评 ${done} / ${total}`;
    for (const bar of document.querySelectorAll("[data-rated-bar]")) bar.setAttribute("width", total ? `${Math.round((100 * done) / total)}%` : "0");
    for (const mark of document.querySelectorAll("[data-rated-count]")) {
      const group = document.getElementById(mark.dataset.ratedCount);
      if (group) mark.textContent = counted(group).join(" / ");
    }
  };
  const unfold = () => {
    for (const details of document.querySelectorAll("details[data-unfold]")) {
      if (document.getElementById(details.dataset.unfold)?.checked) details.open = true;
    }
  };
  /* Blank rows after the first wait until they are asked for or a draft fills them. */
  const rows = () => [...document.querySelectorAll('[data-rows="problem-row"] > [data-row]')];
  const written = (row) => [...row.querySelectorAll("textarea")].some((field) => field.value) || row.querySelector("input:checked, .jz-field-error");
  const reveal = () => {
    for (const row of rows()) if (written(row)) row.hidden = false;
  };
  for (const row of rows().slice(1)) row.hidden = !written(row);
  document.addEventListener(
    "click",
    (event) => {
      const next = event.target.closest('[data-add-row="problem-row"]') && rows().find((row) => row.hidden);
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      next.hidden = false;
      next.querySelector("textarea").focus();
    },
    true,
  );
  for (const button of document.querySelectorAll("[data-needs-script]")) button.hidden = false;
  for (const kind of ["change", "input"]) {
    document.addEventListener(kind, () => {
      count();
      unfold();
      reveal();
    });
  }
  count();
  unfold();
})();
