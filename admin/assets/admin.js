// The admin's one script. Every page works without it; it only shortens the way.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };
  const later = (wait, run) => {
    let timer;
    return (...args) => { clearTimeout(timer); timer = setTimeout(() => run(...args), wait); };
  };

  // Says a sentence to screen readers.
  function announce(text) {
    const region = $("#live");
    if (region) region.textContent = text;
  }

  // Menus: one open at a time, Escape and a click elsewhere close them. Escape closes the filters too.
  function closeMenus(except) {
    for (const menu of $$("details.menu[open]")) if (menu !== except) menu.open = false;
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details.menu[open], details.filters[open]");
    closeMenus();
    if (open) { open.open = false; $("summary", open).focus(); }
  });

  // Lists: selection.
  const boxes = () => $$(".rows tbody .select > input");
  function showSelection() {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    const head = $("#select-all");
    if (head) {
      head.checked = chosen > 0 && chosen === all.length;
      head.indeterminate = chosen > 0 && chosen < all.length;
    }
    const count = $("#selected-count");
    if (count && chosen) {
      count.textContent = `${chosen} of ${all.length} on this page selected`;
      announce(count.textContent);
    }
  }
  let lastBox = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".rows .select > input");
    if (!box) return;
    if (box.id === "select-all") {
      for (const other of boxes()) other.checked = box.checked;
    } else {
      const all = boxes();
      if (event.shiftKey && lastBox && all.includes(lastBox)) {
        const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
        for (const other of all.slice(from, to + 1)) other.checked = box.checked;
      }
      lastBox = box;
    }
    showSelection();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#clear-selection")) return;
    for (const box of $$(".select > input, #all-matching")) box.checked = false;
    showSelection();
    $(".rows tbody .select > input")?.focus();
  });

  // Lists: search and filters apply while typing; only the results are replaced.
  let loading = null;
  async function applyFilters(form) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
    const address = `${location.pathname}?${query}`;
    loading?.abort();
    loading = new AbortController();
    try {
      const answer = await fetch(address, { signal: loading.signal, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) { location.assign(address); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["results", "filter-count", "list-count"]) {
        const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
        if (old && fresh) old.replaceWith(document.adoptNode(fresh));
      }
      history.replaceState(null, "", address);
      prepareList();
      announce($("#list-count")?.textContent.trim() ?? "");
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }
  const applySoon = later(300, applyFilters);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.id === "list-form") applySoon(form);
  });
  function prepareList() {
    const head = $("#select-all");
    if (head) head.hidden = false;
    const clear = $("#clear-selection");
    if (clear) clear.hidden = false;
    showSelection();
  }

  // Comboboxes: the lookup button becomes a search field; without script it leads to the lookup page.
  let serial = 0;
  function upgradeCombo(combo) {
    const button = $("[name=_lookup]", combo);
    if (!button || combo.dataset.ready) return;
    combo.dataset.ready = "1";
    const list = make("ul", { role: "listbox", class: "listbox", id: `options-${++serial}`, "aria-label": combo.dataset.label, hidden: "" });
    const input = make("input", {
      type: "text", role: "combobox", id: button.id, autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": list.id, placeholder: combo.dataset.hint || "Type to search",
    });
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      if (button.hasAttribute(name)) input.setAttribute(name, button.getAttribute(name));
    }
    if (combo.dataset.required) input.setAttribute("aria-required", "true");
    const many = combo.dataset.many === "1";
    const hidden = $("input[type=hidden]", combo);
    const shown = $(".value", combo);
    if (!many && hidden?.value) input.value = shown?.textContent.trim() ?? "";
    shown?.remove();
    button.replaceWith(input);
    combo.append(list);
    const state = { combo, input, list, hidden, many, options: [], at: -1, label: input.value, fetching: null };
    const search = later(150, () => searchCombo(state));
    input.addEventListener("input", () => {
      if (!many && input.value === "") pick(state, { value: "", label: "" }, true);
      search();
    });
    input.addEventListener("focus", () => { if (!many) input.select(); });
    input.addEventListener("click", () => { if (list.hidden) searchCombo(state); });
    input.addEventListener("keydown", (event) => comboKey(state, event));
    input.addEventListener("blur", () => setTimeout(() => {
      closeCombo(state);
      input.value = many ? "" : state.label;
    }, 150));
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) pick(state, state.options[Number(option.dataset.at)]);
    });
  }
  async function searchCombo(state) {
    state.fetching?.abort();
    state.fetching = new AbortController();
    const typed = state.input.value === state.label && !state.many ? "" : state.input.value;
    const address = new URL(state.combo.dataset.options, location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { signal: state.fetching.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      state.options = found.options;
      showOptions(state, found.more);
    } catch (error) {
      if (error.name === "AbortError") return;
      state.options = [];
      state.list.replaceChildren(make("li", { class: "none" }, "The search did not answer; try again"));
      openCombo(state);
    }
  }
  function showOptions(state, more) {
    const items = state.options.map((option, at) =>
      make("li", { role: "option", id: `${state.list.id}-${at}`, "data-at": at, "aria-selected": "false" }, option.label));
    if (!items.length) items.push(make("li", { class: "none" }, "Nothing matches"));
    if (more) items.push(make("li", { class: "none" }, "More match; type on to narrow down"));
    state.list.replaceChildren(...items);
    state.at = -1;
    openCombo(state);
    announce(state.options.length === 1 ? "1 result" : `${state.options.length} results`);
  }
  function openCombo(state) {
    state.list.hidden = false;
    state.input.setAttribute("aria-expanded", "true");
  }
  function closeCombo(state) {
    state.list.hidden = true;
    state.input.setAttribute("aria-expanded", "false");
    state.input.removeAttribute("aria-activedescendant");
    state.at = -1;
  }
  function move(state, to) {
    const items = $$("[role=option]", state.list);
    if (!items.length) return;
    state.at = (to + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === state.at)));
    items[state.at].scrollIntoView({ block: "nearest" });
    state.input.setAttribute("aria-activedescendant", items[state.at].id);
  }
  function comboKey(state, event) {
    const open = !state.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) searchCombo(state);
      else move(state, state.at + (event.key === "ArrowDown" ? 1 : state.at < 0 ? 0 : -1));
    } else if (event.key === "Enter" && open && !event.ctrlKey) {
      event.preventDefault();
      if (state.at >= 0) pick(state, state.options[state.at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      closeCombo(state);
    }
  }
  function pick(state, option, keepOpen) {
    if (!option) return;
    if (state.many) {
      addPick(state, option);
      state.input.value = "";
    } else {
      state.hidden.value = option.value;
      state.label = option.label;
      if (!keepOpen) state.input.value = option.label;
    }
    markDirty(state.input.form);
    if (!keepOpen) closeCombo(state);
  }
  function addPick(state, option) {
    const picks = $(".picks", state.combo);
    const known = $$("input", picks).find((box) => box.value === option.value);
    if (known) { known.checked = true; return; }
    const chip = make("label", { class: "chip" });
    const box = make("input", { type: "checkbox", name: picks.dataset.name, value: option.value });
    box.checked = true;
    chip.append(box, option.label);
    picks.append(chip);
    announce(`${option.label} added`);
  }

  // Inlines: "Add another" copies the blank row instead of asking the server.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[name=_addrow]");
    const blank = button && document.getElementById(`blank-${button.value}`);
    if (!blank) return;
    event.preventDefault();
    const total = $(`[name="${button.value}-TOTAL"]`, button.form);
    const at = total.value;
    const list = $("tbody, .stacked", button.closest(".inline"));
    const holder = document.createElement(list.tagName);
    holder.innerHTML = blank.innerHTML.replaceAll("__n__", at);
    const row = holder.firstElementChild;
    list.append(row);
    total.value = String(Number(at) + 1);
    for (const combo of $$(".combo", row)) upgradeCombo(combo);
    if (list.children.length >= Number(button.dataset.most || Infinity)) button.hidden = true;
    $("input:not([type=hidden]), select, textarea", row)?.focus();
    markDirty(button.form);
  });

  // Forms: unsaved changes, save keys.
  let dirty = null;
  function markDirty(form) {
    if (!form?.matches("[data-guard]") || dirty) return;
    dirty = form;
    const mark = $(".dirty");
    if (mark) mark.hidden = false;
  }
  for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => markDirty(event.target.form));
  document.addEventListener("submit", () => { dirty = null; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  const press = (form, name) => form.requestSubmit([...form.elements].find((button) => button.name === name));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const form = $("form[data-guard]");
    if (!form) return;
    if (event.key === "s") { event.preventDefault(); press(form, "_continue"); }
    if (event.key === "Enter") { event.preventDefault(); press(form, "_save"); }
  });

  // Single-key shortcuts, off in fields and by choice.
  const keysOff = () => localStorage.getItem("nuages-keys") === "off";
  function moveRow(step) {
    const links = $$(".rows tbody .open");
    const row = document.activeElement.closest?.(".rows tbody tr");
    const at = row ? links.findIndex((link) => row.contains(link)) : step > 0 ? -1 : links.length;
    links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
  }
  const currentRow = () => document.activeElement.closest?.(".rows tbody tr");
  const keys = {
    "?": () => $("#keys")?.showModal(),
    "/": () => $("#search")?.focus(),
    "c": () => $("a[data-key=add]")?.click(),
    "j": () => moveRow(1),
    "k": () => moveRow(-1),
    "x": () => { const row = currentRow(); if (row) $(".select > input", row)?.click(); },
    "e": () => { const row = currentRow(); if (row) $(".open", row)?.click(); },
    "g h": () => $("a.brand")?.click(),
  };
  let before = "";
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || keysOff()) return;
    const run = keys[`${before} ${event.key}`] ?? keys[event.key];
    before = event.key;
    setTimeout(() => { before = ""; }, 800);
    if (run) { event.preventDefault(); run(); }
  });
  const toggle = $("#keys-on");
  if (toggle) {
    toggle.checked = !keysOff();
    toggle.addEventListener("change", () => localStorage.setItem("nuages-keys", toggle.checked ? "on" : "off"));
  }
  for (const opener of $$("[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => { closeMenus(); document.getElementById(opener.dataset.opens)?.showModal(); });
  }

  // The menu's own filter, shown above a dozen models.
  const navFilter = $("#nav-filter");
  if (navFilter) {
    navFilter.hidden = false;
    navFilter.addEventListener("input", () => {
      const wanted = navFilter.value.trim().toLowerCase();
      for (const item of $$(".sidenav li")) item.hidden = !item.textContent.toLowerCase().includes(wanted);
      for (const group of $$(".sidenav section")) group.hidden = !$("li:not([hidden])", group);
    });
  }

  for (const combo of $$(".combo")) upgradeCombo(combo);
  prepareList();
  if ($(".form-errors")) { $(".form-errors").focus(); if ($("form[data-guard]")) markDirty($("form[data-guard]")); }
})();
