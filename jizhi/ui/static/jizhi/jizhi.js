/* What pages do beyond plain HTML. Everything here is an extra: each page works without it.
   form[data-draft]            keeps typed text every 30 s and on blur; data-draft may name the key, else the address
   .jz-autosave[data-autosave] says when it was kept
   [data-progress]             counts answered radio groups of its form; [data-bar] is the svg rect that grows
   button[data-add-row]        copies the <template id> named and puts it at the end of [data-rows=id]
   .jz-chips of 25 and more    get a field to find one
   [data-focus]                takes the focus when the page opens (error summary)
   button[data-print]          prints */
(() => {
  "use strict";
  const EVERY = 30_000;
  const csrf = document.body.dataset.csrf || "";
  const user = document.body.dataset.user || "";

  document.body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrf;
  });

  /* ---- drafts ---- */
  const skipped = (field) =>
    !field.name || field.disabled || ["csrfmiddlewaretoken", "key"].includes(field.name) || ["hidden", "file", "password", "submit", "button"].includes(field.type);

  const typed = (form) => {
    const data = {};
    for (const field of form.elements) {
      if (skipped(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        data[field.name] = data[field.name] || [];
        if (field.checked) data[field.name].push(field.value);
      } else if (field.multiple) {
        data[field.name] = [...field.selectedOptions].map((option) => option.value);
      } else {
        data[field.name] = (data[field.name] || []).concat(field.value);
      }
    }
    return data;
  };

  const fill = (form, data) => {
    for (const [name, values] of Object.entries(data)) {
      const all = () => [...form.elements].filter((field) => field.name === name && !skipped(field));
      const adder = form.querySelector(`[data-add-row][data-field="${CSS.escape(name)}"]`);
      for (let more = values.length - all().length; adder && more > 0; more -= 1) adder.click();
      all().forEach((field, index) => {
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
        else if (values[index] !== undefined) field.value = values[index];
      });
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const post = (body) => fetch("/draft/", { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams(body), credentials: "same-origin", redirect: "error" });

  const storage = {
    get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window: the server keeps it */ } },
    drop: (name) => { try { localStorage.removeItem(name); } catch { /* as above */ } },
  };

  const keyOf = (form) => form.dataset.draft || location.pathname + location.search;
  const localKey = (key) => `jz-draft:${user}:${key}`;
  const SENT = `jz-sent:${user}`;

  const say = (form, text, waiting) => {
    for (const mark of form.querySelectorAll("[data-autosave]")) {
      mark.textContent = text;
      mark.hidden = !text;
      if (waiting) mark.dataset.s = "wait";
      else delete mark.dataset.s;
    }
  };

  const watch = (form) => {
    const key = keyOf(form);
    let last = JSON.stringify(typed(form));
    const untouched = last;
    let sent = false;

    const save = async () => {
      const now = JSON.stringify(typed(form));
      if (sent || now === last) return;
      try {
        const answer = await post({ key, data: now });
        if (!answer.ok) throw new Error(String(answer.status));
        last = now;
        storage.drop(localKey(key));
        say(form, (await answer.json()).saved, false);
      } catch {
        storage.set(localKey(key), now);
        say(form, "网络断开，先存在本机", true);
      }
    };

    const restore = async () => {
      const local = storage.get(localKey(key));
      let kept = null;
      let saved = "";
      try {
        const answer = await fetch(`/draft/?key=${encodeURIComponent(key)}`, { credentials: "same-origin", redirect: "error" });
        if (answer.ok) ({ data: kept, saved } = await answer.json());
      } catch { /* off line: what this machine kept */ }
      const data = local ? JSON.parse(local) : kept;
      if (!data || JSON.stringify(typed(form)) !== untouched) return;
      fill(form, data);
      if (!local) last = JSON.stringify(typed(form));
      say(form, saved || "已恢复上次没交的内容", false);
      if (local) save();
    };

    const mine = storage.get(SENT) === key;
    const refused = document.querySelector(".jz-errors") !== null;
    if (mine) storage.drop(SENT);
    if (refused) last = ""; /* the page brings back what was typed; keep that */
    else if (mine) post({ key }).catch(() => {});
    else restore();

    form.addEventListener("focusout", save);
    setInterval(save, EVERY);
    addEventListener("online", save);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
    form.addEventListener("submit", () => {
      sent = true;
      storage.set(SENT, key);
      storage.drop(localKey(key));
    });
  };

  const forms = [...document.querySelectorAll("form[data-draft]")];
  const handedIn = storage.get(SENT);
  if (handedIn && !forms.some((form) => keyOf(form) === handedIn) && !document.querySelector(".jz-errors")) {
    storage.drop(SENT);
    if (user) post({ key: handedIn }).catch(() => {});
  }
  forms.forEach(watch);

  /* ---- progress of grade radios ---- */
  const groupsOf = (scope) => {
    const groups = new Map();
    for (const radio of scope.querySelectorAll(".jz-grade input[type=radio]")) groups.set(radio.name, groups.get(radio.name) || radio.checked);
    return [[...groups.values()].filter(Boolean).length, groups.size];
  };
  const count = (form) => {
    const [done, total] = groupsOf(form);
    for (const mark of form.querySelectorAll("[data-progress]")) mark.textContent = `已评 ${done} / ${total}`;
    for (const bar of form.querySelectorAll("[data-bar]")) bar.setAttribute("width", total ? `${Math.round((100 * done) / total)}%` : "0");
    for (const panel of document.querySelectorAll("[data-count]")) {
      const scope = document.getElementById(panel.dataset.count);
      if (scope) panel.textContent = groupsOf(scope).join(" / ");
    }
  };
  for (const form of document.querySelectorAll("form")) {
    if (!form.querySelector(".jz-grade")) continue;
    form.addEventListener("change", () => count(form));
    count(form);
  }

  /* ---- many choices: a field to find one; what is chosen stays in sight ---- */
  for (const chips of document.querySelectorAll(".jz-chips")) {
    const all = [...chips.querySelectorAll(".jz-chip")];
    if (all.length < 25) continue;
    const line = document.createElement("div");
    line.className = "jz-find";
    const find = document.createElement("input");
    find.type = "search";
    find.className = "form-control";
    find.placeholder = `从 ${all.length} 项里找`;
    find.setAttribute("aria-label", find.placeholder);
    const chosen = document.createElement("span");
    chosen.className = "jz-meta";
    chosen.setAttribute("aria-live", "polite");
    const ticked = (chip) => chip.querySelector("input").checked;
    const show = () => {
      for (const chip of all) chip.hidden = !chip.textContent.includes(find.value.trim()) && !ticked(chip);
      chosen.textContent = `已选 ${all.filter(ticked).length}`;
    };
    find.addEventListener("input", show);
    find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    chips.closest("form")?.addEventListener("change", show);
    line.append(find, chosen);
    chips.before(line);
    chips.classList.add("jz-many");
    show();
  }

  /* ---- rows, focus, print, double clicks ---- */
  let serial = Date.now();
  document.addEventListener("click", (event) => {
    const adder = event.target.closest("[data-add-row]");
    if (adder) {
      event.preventDefault();
      const source = document.getElementById(adder.dataset.addRow);
      const rows = document.querySelector(`[data-rows="${CSS.escape(adder.dataset.addRow)}"]`);
      if (source && rows) {
        serial += 1;
        const holder = document.createElement("template");
        holder.innerHTML = source.innerHTML.replaceAll("__n__", String(serial));
        rows.append(holder.content);
        rows.lastElementChild.querySelector("input,select,textarea")?.focus();
      }
    }
    if (event.target.closest("[data-print]")) {
      event.preventDefault();
      print();
    }
    const remover = event.target.closest("[data-remove-row]");
    if (remover) {
      event.preventDefault();
      remover.closest("[data-row]")?.remove();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    for (const button of event.target.querySelectorAll("button[type=submit]:not([name])")) setTimeout(() => { button.disabled = true; }, 0);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("button[type=submit]:disabled")) button.disabled = false;
  });

  /* ---- large type without leaving the page ---- */
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-large-type]");
    if (!form) return;
    event.preventDefault();
    const root = document.documentElement;
    const large = root.dataset.type !== "large";
    if (large) root.dataset.type = "large";
    else delete root.dataset.type;
    const button = form.querySelector("button");
    button.textContent = large ? "常规字" : "大字";
    button.setAttribute("aria-pressed", String(large));
    button.disabled = false;
    await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => {});
  }, true);

  document.querySelector("[data-focus]")?.focus();
})();
