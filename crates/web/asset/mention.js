// People offered while somebody types @ into a note: a list below the field, moved in with the arrow keys.
(() => {
  "use strict";
  const root = document;
  let [field, list, timer] = [null, null, 0];

  const close = () => {
    list?.remove();
    list = null;
    field?.removeAttribute("aria-controls");
    field?.removeAttribute("aria-activedescendant");
  };
  // What stands between the @ and the place where somebody types; none where there is no @.
  const typed = (area) => area.value.slice(0, area.selectionStart).match(/(?:^|[^\p{L}\p{N}._@-])@([\p{L}\p{N}._-]{1,50})$/u)?.[1];
  const options = () => [...(list?.children ?? [])];
  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", other === option ? "true" : "false");
    field.setAttribute("aria-activedescendant", option.id);
  };
  const take = (option) => {
    const [end, length] = [field.selectionStart, typed(field)?.length ?? 0];
    field.setRangeText(`${option.dataset.login} `, end - length, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  const offer = async (area) => {
    const words = typed(area);
    if (!words) { close(); return; }
    const answer = await fetch(`${area.dataset.mention}?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || words !== typed(area) || root.activeElement !== area) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body.children;
    close();
    if (!found.length) return;
    field = area;
    list = root.createElement("ul");
    list.className = "over menu mention";
    list.id = "named";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "@");
    list.append(...[...found].map((one) => root.importNode(one, true)));
    area.after(list);
    area.setAttribute("aria-controls", "named");
    choose(list.firstElementChild);
  };

  root.addEventListener("input", (event) => {
    if (!event.target.matches?.("textarea[data-mention]") || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => offer(event.target), 120);
  });
  root.addEventListener("keydown", (event) => {
    if (!list || event.target !== field || event.isComposing) return;
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(all[(at + step + all.length) % all.length]);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(all[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  root.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("#named [data-login]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  root.addEventListener("focusout", (event) => { if (event.target === field) close(); });
})();
