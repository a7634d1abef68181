// What makes the pages quicker than forms and links alone. Every page works without it: nothing here decides what may be
// seen or done, and nothing is written into a page that the server has not escaped.
(() => {
  "use strict";
  const root = document;
  const meta = (name) => root.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const one = (selector, within = root) => within.querySelector(selector);
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  // ---- requests of scripts carry the token of the page
  root.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF"] = meta("csrf");
    const finder = event.detail.elt.dataset?.find;
    if (finder) event.detail.parameters = { q: event.detail.elt.value };
  });

  // ---- what is said goes away by itself; what has focus stays
  const settle = (toast) => {
    if (toast.dataset.settles) return;
    toast.dataset.settles = "1";
    let timer = 0;
    const go = () => {
      toast.classList.add("is-gone");
      setTimeout(() => toast.remove(), 400);
    };
    // What can be undone stays a little longer, and as long as somebody is at it.
    const wait = () => {
      clearTimeout(timer);
      if (!toast.matches(":hover, :focus-within")) timer = setTimeout(go, one("form", toast) ? 10000 : 6000);
    };
    for (const kind of ["pointerenter", "focusin"]) toast.addEventListener(kind, () => clearTimeout(timer));
    for (const kind of ["pointerleave", "focusout"]) toast.addEventListener(kind, () => setTimeout(wait));
    wait();
  };
  const say = (text) => {
    const toast = root.createElement("div");
    toast.className = "over toast";
    toast.textContent = text;
    one("#toasts")?.append(toast);
    settle(toast);
  };

  // ---- a refusal is a whole page: it takes the place of a page, never of a part of one
  root.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, boosted, target } = event.detail;
    if (xhr.status < 400 || (boosted && (target === root.body || target.id === "main"))) return;
    event.detail.shouldSwap = false;
    after = null;
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const said = one(".empty p", page)?.textContent.trim() || `${xhr.status} ${xhr.statusText}`;
    if (!all("#toasts .toast").some((toast) => toast.textContent === said)) say(said);
  });

  // ---- palette and keys
  const open = (name) => {
    const dialog = one(`#${name}`);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    one("input", dialog)?.select();
  };
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) { event.preventDefault(); open(opener.dataset.open); }
    if (event.target.matches("dialog")) event.target.close();
  });
  root.addEventListener("keydown", (event) => {
    const palette = event.target.closest("#palette");
    if (!palette || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const found = all("#found a", palette);
    const at = found.indexOf(root.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    event.preventDefault();
    (found[next] ?? (next < 0 ? one("input", palette) : found.at(-1)))?.focus();
  });
  root.addEventListener("submit", (event) => {
    const first = event.target.closest("#palette") && one("#found a");
    if (first) { event.preventDefault(); first.click(); }
  });

  // ---- keys
  let lead = "";
  let leading = 0;
  const rows = () => all("tr[data-row]");
  const row = () => root.activeElement?.closest?.("tr[data-row]");
  const step = (by) => {
    const list = rows();
    const at = list.indexOf(row());
    one(".title a, a", list[Math.max(0, Math.min(list.length - 1, at + by))] ?? root)?.focus();
  };
  const press = {
    "/": () => open("palette"),
    ">": () => { open("palette"); const input = one("#palette input"); if (input) { input.value = ">"; input.dispatchEvent(new Event("input", { bubbles: true })); } },
    "?": () => open("keys"),
    j: () => step(1),
    k: () => step(-1),
    x: () => one("input[name=choose]", row() ?? root.createElement("i"))?.click(),
    e: () => openCell(one("td[data-f]", row() ?? root.createElement("i"))) || root.activeElement?.closest("dd, div")?.querySelector(".edit")?.click(),
  };
  root.addEventListener("keydown", (event) => {
    // While a word of Chinese is being composed the keys belong to the one who composes it.
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      // A form that has just come has not taken the focus yet.
      const form = event.target.closest("form") ?? one("form[data-focus]");
      if (form) { event.preventDefault(); form.requestSubmit(one("button[type=submit]", form)); }
      return;
    }
    if (event.key === "Escape" && !typing(event.target) && !one("dialog[open]")) {
      if (chosen().length) clear(); else closePreview();
      return;
    }
    if (event.key === " " && row() && !typing(event.target)) { event.preventDefault(); preview(row()); return; }
    if (event.key === "Escape" && typing(event.target)) {
      const away = one("a.btn-plain[href]:not([data-discard])", event.target.closest("form") ?? root.createElement("i"));
      if (away) { event.preventDefault(); away.click(); } else event.target.blur();
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (/(^|; )keys=off(;|$)/.test(root.cookie)) return;
    const key = event.key;
    if (lead === "g") {
      lead = "";
      const links = all(".side-body a");
      const to = key === "w" ? links[0] : key === "i" ? links[1] : null;
      if (to) { event.preventDefault(); to.click(); }
      return;
    }
    if (lead === "w") {
      lead = "";
      const move = one(`[data-move="${CSS.escape(key.toUpperCase())}"]`);
      if (move) { event.preventDefault(); move.click(); }
      return;
    }
    if (key === "g" || key === "w") {
      lead = key;
      // Not the end of an earlier one: it would cut this one short.
      clearTimeout(leading);
      leading = setTimeout(() => { lead = ""; }, 1500);
      return;
    }
    const act = press[key] ?? (() => {
      const target = /^[a-z]$/.test(key) && one(`[data-key="${key}"]`);
      if (!target) return false;
      typing(target) ? target.focus() : target.click();
      return true;
    });
    if (act() !== false) event.preventDefault();
  });

  // ---- a record beside its list
  const preview = (tr) => {
    if (!tr?.dataset.preview || !one("#preview") || innerWidth <= 900) return;
    htmx.ajax("GET", tr.dataset.preview, { target: "#preview", swap: "outerHTML" }).then(() => {
      rows().forEach((other) => other.classList.toggle("is-open", other === tr));
    });
  };
  const closePreview = () => {
    const shown = one("#preview");
    if (!shown?.firstElementChild) return false;
    shown.replaceWith(Object.assign(root.createElement("div"), { id: "preview" }));
    rows().forEach((tr) => tr.classList.remove("is-open"));
    return true;
  };
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-preview]")) { closePreview(); return; }
    if (event.target.closest("a, label, input, button, select")) return;
    // A second click opens the cell instead.
    const tr = event.target.closest("tr[data-row]");
    clearTimeout(looking);
    looking = setTimeout(() => preview(tr), event.target.closest("[data-f]") ? 250 : 0);
  });
  let looking = 0;

  // ---- a cell of a list, edited where it stands
  const rowOf = (id) => one(`tr[data-row][data-id="${CSS.escape(id)}"]`);
  const enterCell = (tr) => {
    const field = tr && one("td.cell-form :is(input:not([type=hidden]), select, textarea)", tr);
    field?.focus();
    field?.select?.();
    return !!field;
  };
  const openCell = (td) => {
    const tr = td?.closest("tr[data-row]");
    const columns = td?.closest("table[data-columns]")?.dataset.columns;
    if (!tr || !columns || td.matches(".cell-form")) return false;
    // One is open at a time: what is typed in another is written first.
    const other = one("td.cell-form");
    if (other) return leaveCell(other, { id: tr.dataset.id, field: td.dataset.f });
    const { id, preview } = tr.dataset;
    const path = `${preview.replace(/\/preview$/, "")}/cell/${td.dataset.f}?columns=${encodeURIComponent(columns)}`;
    htmx.ajax("GET", path, { target: tr, swap: "outerHTML" }).then(() => enterCell(rowOf(id)));
    return true;
  };
  // What is done when the row that was left stands again: another cell is opened, or the row has focus.
  let after = null;
  const leaveCell = (td, next) => {
    const form = one("form", td);
    if (!form.reportValidity()) return true;
    after = { from: td.closest("tr").dataset.id, ...next };
    form.requestSubmit();
    return true;
  };
  root.addEventListener("dblclick", (event) => {
    const td = event.target.closest("td[data-f]");
    if (td && !typing(event.target)) { clearTimeout(looking); openCell(td); }
  });
  // Escape gives the row back as it was; Tab writes and goes on to the next cell.
  root.addEventListener("keydown", (event) => {
    const td = event.target.closest?.("td.cell-form");
    if (!td || event.isComposing) return;
    const tr = td.closest("tr");
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopImmediatePropagation();
      after = { from: tr.dataset.id };
      const select = `tr[data-id="${CSS.escape(tr.dataset.id)}"]`;
      htmx.ajax("GET", location.href.split("#")[0], { target: tr, swap: "outerHTML", select });
    }
    if (event.key === "Enter" && event.target.tagName === "SELECT") { event.preventDefault(); leaveCell(td); }
    if (event.key === "Tab") {
      const cells = all("td[data-f]", tr);
      const next = cells[cells.indexOf(td) + (event.shiftKey ? -1 : 1)];
      if (!next) return;
      event.preventDefault();
      leaveCell(td, { id: tr.dataset.id, field: next.dataset.f });
    }
  }, true);
  root.addEventListener("submit", (event) => {
    const td = event.target.closest("td.cell-form");
    if (td) after ??= { from: td.closest("tr").dataset.id };
  }, true);
  root.addEventListener("htmx:afterSettle", (event) => {
    const next = after;
    if (!next || event.detail.target?.dataset?.id !== next.from) return;
    after = null;
    const left = rowOf(next.from);
    // What was refused stays open, with the reason.
    if (enterCell(left)) return;
    const tr = next.field && rowOf(next.id);
    if (!tr || !openCell(one(`td[data-f="${CSS.escape(next.field)}"]`, tr))) one(".title a, a", left ?? root)?.focus();
  });

  // ---- completion of an expression
  let asking = 0;
  const completions = () => one("#completions");
  const typed = (input) => input.value.slice(0, input.selectionStart);
  let offered = null;
  const closeCompletions = (input) => {
    completions()?.remove();
    if (input.hasAttribute("aria-expanded")) input.setAttribute("aria-expanded", "false");
    for (const name of ["aria-controls", "aria-activedescendant"]) input.removeAttribute(name);
  };
  const complete = (input) => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const before = typed(input);
      const answer = await fetch(`${input.dataset.complete}?before=${encodeURIComponent(before)}`);
      const text = answer.ok && await answer.text();
      // Somebody has typed on meanwhile: these are no completions of what stands there now.
      if (!text || root.activeElement !== input || before !== typed(input)) return;
      closeCompletions(input);
      const shell = root.createElement("template");
      shell.innerHTML = text;
      const list = shell.content.firstElementChild;
      if (!list?.firstElementChild) return;
      input.insertAdjacentElement("afterend", list);
      offered = before;
      input.setAttribute("aria-controls", "completions");
      input.setAttribute("aria-expanded", "true");
      mark(input, 0);
    }, 120);
  };
  const mark = (input, at) => {
    const options = all("[role=option]", completions());
    options.forEach((option, place) => option.setAttribute("aria-selected", place === at ? "true" : "false"));
    input.setAttribute("aria-activedescendant", options[at]?.id ?? "");
  };
  const takeCompletion = (input, option) => {
    const list = option.closest("#completions");
    const from = input.selectionStart - Number(list.dataset.begun);
    input.setRangeText(option.dataset.text, from, input.selectionStart, "end");
    closeCompletions(input);
    input.focus();
  };
  root.addEventListener("focusin", (event) => {
    const input = event.target;
    if (!input.dataset?.complete || input.hasAttribute("aria-expanded")) return;
    const role = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(role)) input.setAttribute(name, value);
  });
  root.addEventListener("input", (event) => { if (event.target.dataset?.complete) complete(event.target); });
  root.addEventListener("focusout", (event) => { if (event.target.dataset?.complete) setTimeout(() => closeCompletions(event.target), 150); });
  root.addEventListener("mousedown", (event) => {
    const option = event.target.closest("#completions [role=option]");
    const input = option?.closest("form")?.querySelector("[data-complete]");
    if (!input) return;
    event.preventDefault();
    if (offered === typed(input)) takeCompletion(input, option); else closeCompletions(input);
  });
  root.addEventListener("keydown", (event) => {
    const input = event.target;
    const list = input.dataset?.complete && completions();
    if (!list || event.isComposing) return;
    if (offered !== typed(input)) { closeCompletions(input); return; }
    const options = all("[role=option]", list);
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(input, (at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
    else if (event.key === "Tab" || (event.key === "Enter" && !event.ctrlKey)) takeCompletion(input, options[at]);
    else if (event.key === "Escape") closeCompletions(input);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // ---- many at once
  const chosen = () => all("input[name=choose]:checked");
  const count = () => {
    const bar = one("form.bulk");
    if (!bar) return;
    one("[data-chosen]", bar).textContent = chosen().length;
    one("input[name=chosen]", bar).value = chosen().map((box) => box.value).join(",");
    rows().forEach((tr) => tr.setAttribute("aria-selected", one("input[name=choose]", tr)?.checked ? "true" : "false"));
  };
  const clear = () => { chosen().forEach((box) => { box.checked = false; }); count(); };
  let last = null;
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) clear();
    const box = event.target.closest("input[name=choose]");
    if (!box) return;
    if (event.shiftKey && last) {
      const boxes = all("input[name=choose]");
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((between) => { between.checked = box.checked; });
    }
    last = box;
    count();
  });

  // ---- a card of a board moves to another column by its own step there
  let dragged = null;
  const stepTo = (column) => dragged?.querySelector(`[data-to="${CSS.escape(column.dataset.column)}"]`);
  root.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".card[data-record]") ?? null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  root.addEventListener("dragend", () => {
    dragged = null;
    all("[data-column].is-over").forEach((column) => column.classList.remove("is-over"));
  });
  root.addEventListener("dragover", (event) => {
    const column = dragged && event.target.closest("[data-column]");
    all("[data-column]").forEach((other) => other.classList.toggle("is-over", other === column && !!stepTo(other)));
    if (column && stepTo(column)) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    const column = dragged && event.target.closest("[data-column]");
    const step = column && stepTo(column);
    if (!step) return;
    event.preventDefault();
    step.tagName === "FORM" ? step.requestSubmit() : step.click();
  });

  // ---- files: chosen, dropped or pasted, one request each
  const upload = async (label, files) => {
    for (const file of files) {
      const body = new FormData();
      body.append("file", file, file.name);
      const answer = await fetch(label.dataset.upload, { method: "POST", headers: { "X-CSRF": meta("csrf") }, body });
      if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        say(problem.detail ?? `${file.name}: ${answer.status}`);
        return;
      }
    }
    // What is typed elsewhere on the page is not thrown away for it.
    const typed = all("textarea, input[type=text]").some((field) => field.value !== field.defaultValue);
    typed ? say(root.documentElement.lang.startsWith("zh") ? "附件已添加" : "The file is added") : location.reload();
  };
  root.addEventListener("change", (event) => {
    const label = event.target.closest("[data-upload]");
    if (label) upload(label, event.target.files);
  });
  for (const kind of ["dragover", "drop"]) {
    root.addEventListener(kind, (event) => {
      const label = one("[data-upload]");
      if (!label || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      label.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") upload(label, event.dataTransfer.files);
    });
  }
  root.addEventListener("paste", (event) => {
    const label = one("[data-upload]");
    // A copied table carries a picture beside its text: who pastes into a field means the text.
    if (typing(event.target) && event.clipboardData?.types.includes("text/plain")) return;
    if (label && event.clipboardData?.files.length) upload(label, event.clipboardData.files);
  });

  // ---- as of a day: the local time that was chosen becomes an instant
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-as-of]");
    if (!form) return;
    const at = new Date(one("input[type=datetime-local]", form).value);
    if (!Number.isNaN(at.valueOf())) one("input[name=as_of]", form).value = at.toISOString().replace(".000", "");
  }, true);

  // ---- drafts: what is typed into a new record is kept until it is created or discarded
  const slot = (form) => `draft:${form.dataset.draft}`;
  const fields = (form) => all("input:not([type=hidden]), textarea, select", form).filter((field) => field.name);
  const keep = (form) => {
    const texts = fields(form).map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
    try { sessionStorage.setItem(slot(form), JSON.stringify(texts)); } catch { /* no room: the form itself is still there */ }
  };
  const restore = (form) => {
    if (one("[role=alert]", form)) return;
    let texts = [];
    try { texts = JSON.parse(sessionStorage.getItem(slot(form)) ?? "[]"); } catch { return; }
    const kept = new Map(texts);
    for (const field of fields(form)) {
      if (!kept.has(field.name) || field.value) continue;
      if (field.type === "checkbox") field.checked = kept.get(field.name) === true; else field.value = kept.get(field.name);
    }
  };
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) keep(form);
  });
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) sessionStorage.setItem("sent", slot(form));
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-discard]")) {
      const form = event.target.closest("form[data-draft]");
      if (form) sessionStorage.removeItem(slot(form));
    }
  });

  // ---- after each page
  const ready = () => {
    all(".card[data-record]").forEach((card) => { card.draggable = true; });
    all("#toasts .toast").forEach(settle);
    all("form[data-draft]").forEach(restore);
    // The draft that was sent and taken; at the door, those of whoever was here before.
    const sent = sessionStorage.getItem("sent");
    if (sent && !one("form[data-draft] [role=alert]")) sessionStorage.removeItem(sent);
    sessionStorage.removeItem("sent");
    if (one("body.door")) for (const name of Object.keys(sessionStorage)) if (name.startsWith("draft:")) sessionStorage.removeItem(name);
    const focus = one("[data-focus]");
    // Once: a part of the page that comes by itself later takes nobody's focus.
    if (!focus || focused.has(focus)) return;
    focused.add(focus);
    (one("input:not([type=hidden]), textarea, select", focus) ?? focus).focus();
  };
  const focused = new WeakSet();
  root.addEventListener("DOMContentLoaded", ready);
  root.addEventListener("htmx:afterSettle", (event) => { if (event.target.id !== "found") ready(); });
})();
