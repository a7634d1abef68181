// Keeps a page fresh: what it shows is fetched again, whole and with the rights of its reader, when one of its records
// has changed, and only what differs is put in place. What somebody types or has opened stays as it is.
(() => {
  "use strict";
  const root = document;
  const one = (selector, within = root) => within.querySelector(selector);
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];
  const marker = () => one("#live");

  // ---- what of a page must not be touched
  const isField = (node) => node?.matches?.("input:not([type=hidden]), textarea, select");
  const isTyped = (field) => (field.type === "checkbox" || field.type === "radio")
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT"
      ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0
      : field.value !== field.defaultValue;
  const isOpenForm = (form) => form.matches(".form") && form.checkVisibility();
  const isBusy = (form) => isOpenForm(form) || (isField(root.activeElement) && form.contains(root.activeElement))
    || all("input:not([type=hidden]), textarea, select", form).some(isTyped);
  const stays = (node) => node.nodeType === 1 && (
    (node.matches("form") && isBusy(node))
    || (node.matches("details.fold-sec, section.move-form") && all("form", node).some(isBusy))
    || node.matches("tr:has(td.cell-form), dialog[open], [data-stays]"));

  // ---- one tree is made equal to another, node by node
  const LEFT_ALONE = new Set(["open", "aria-selected", "draggable", "data-drawn"]);
  const key = (node) => node.nodeType !== 1 ? "" : node.id || node.dataset.entry || node.dataset.id
    || node.dataset.record || node.getAttribute("aria-labelledby") || "";
  const isSame = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && key(a) === key(b)
    && (key(a) !== "" || a.className === b.className);
  // A clock that runs on is no news.
  const counts = (node) => !(node.nodeType === 1 ? node : node.parentElement)?.closest("time, .clock, .left");

  const attributes = (old, fresh) => {
    let changed = false;
    for (const { name, value } of fresh.attributes) {
      if (LEFT_ALONE.has(name) || old.getAttribute(name) === value) continue;
      old.setAttribute(name, name === "class" && old.classList.contains("is-open") ? `${value} is-open` : value);
      changed = true;
    }
    for (const { name } of [...old.attributes]) {
      if (LEFT_ALONE.has(name) || fresh.hasAttribute(name)) continue;
      old.removeAttribute(name);
      changed = true;
    }
    if (changed) htmx.process(old);
    return changed;
  };

  const children = (old, fresh) => {
    const keyed = new Map([...old.childNodes].filter((node) => key(node)).map((node) => [key(node), node]));
    const wanted = new Set([...fresh.childNodes].map(key));
    let [at, news] = [old.firstChild, 0];
    const drop = (node) => {
      if (stays(node)) return;
      if (counts(node)) news += 1;
      node.remove();
    };
    for (const next of [...fresh.childNodes]) {
      let found = key(next) ? keyed.get(key(next)) : null;
      if (found && (found.parentNode !== old || !isSame(found, next))) found = null;
      if (!key(next)) {
        // Whatever without a name stands before one that fits is gone.
        let probe = at;
        while (probe && !isSame(probe, next) && !wanted.has(key(probe) || " ")) probe = probe.nextSibling;
        if (probe && isSame(probe, next)) found = probe;
        while (found && at !== found) { const after = at.nextSibling; drop(at); at = after; }
      } else {
        while (at && at !== found && (!key(at) || !wanted.has(key(at)))) {
          const after = at.nextSibling;
          if (!key(at) && !found) break;
          drop(at);
          at = after;
        }
      }
      if (found) {
        if (found === at) at = at.nextSibling; else old.insertBefore(found, at);
        news += morph(found, next);
        continue;
      }
      const made = root.importNode(next, true);
      old.insertBefore(made, at);
      if (made.nodeType === 1) htmx.process(made);
      if (counts(made)) news += 1;
    }
    while (at) { const after = at.nextSibling; drop(at); at = after; }
    return news;
  };

  // Answers how many things that a reader would notice have changed.
  const morph = (old, fresh) => {
    if (old.isEqualNode(fresh) || stays(old)) return 0;
    if (old.nodeType !== 1) {
      old.nodeValue = fresh.nodeValue;
      return counts(old) ? 1 : 0;
    }
    if (isField(old) && isTyped(old)) return 0;
    return (attributes(old, fresh) && counts(old) ? 1 : 0) + children(old, fresh);
  };

  // ---- saying so
  let saidAt = 0;
  const announce = (text) => {
    const place = one("#live-said");
    if (!place || performance.now() - saidAt < 5000) return;
    saidAt = performance.now();
    place.textContent = "";
    setTimeout(() => { place.textContent = text; }, 50);
  };
  const bar = (text, label, act) => {
    const place = one("#live-bar");
    if (!place) return;
    one("span", place).textContent = text;
    const button = one("button", place);
    button.textContent = label;
    button.onclick = () => { place.hidden = true; act(); };
    place.hidden = false;
  };

  // ---- fetching again
  const changed = new Set();
  let [timer, running, askedAt] = [0, false, 0];
  const isRecord = () => !!marker()?.dataset.records;
  const isChosen = () => !!one("input[name=choose]:checked, #preview > *, #main details[open].add-filter, dialog[open]")
    && !isRecord();

  // What the person asked for themselves comes first: its answer draws the page anew, and would take along what they
  // begin meanwhile on a page that seems to have answered already.
  let waiting = [];
  root.addEventListener("htmx:beforeRequest", (event) => { waiting.push(event.detail.xhr); });
  const isAsking = () => {
    waiting = waiting.filter((xhr) => xhr.readyState !== XMLHttpRequest.DONE);
    return waiting.length > 0;
  };

  const told = (fresh) => {
    const known = new Set(all("[data-entry]").map((entry) => entry.dataset.entry));
    const entry = all("[data-entry]", fresh).find((one) => !known.has(one.dataset.entry));
    const words = entry && one(".meta", entry)?.textContent.replace(/\s+/g, " ").trim();
    return words && words.length > 160 ? `${words.slice(0, 160)}…` : words;
  };

  const refresh = async () => {
    const place = marker();
    if (!place || running) return;
    if (root.hidden) return;
    if (isAsking()) { later(); return; }
    running = true;
    askedAt = performance.now();
    const asked = [...changed];
    let failed = false;
    changed.clear();
    try {
      const answer = await fetch(location.href.split("#")[0], { headers: { "X-Unattended": "1" } });
      failed = answer.status >= 500 || answer.status === 429;
      if (!answer.ok || answer.redirected || place !== marker()) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [old, main] = [one("#main"), one("#main", fresh)];
      if (!old || !main || place !== marker() || !one("#live", fresh)) return;
      if (isAsking()) { for (const id of asked) changed.add(id); return; }
      const open = isRecord() && all("#main form").find(isOpenForm);
      const words = open && told(fresh);
      const focus = root.activeElement;
      const news = morph(old, main);
      if (focus?.isConnected && focus !== root.activeElement) focus.focus({ preventScroll: true });
      one("#live-bar").hidden = true;
      if (words) bar(words, place.dataset.look, () => one("#activity")?.scrollIntoView());
      if (news || words) announce(place.dataset.updated);
      if (news) root.dispatchEvent(new CustomEvent("live:fresh", { detail: asked.length }));
    } catch {
      failed = true;
    } finally {
      running = false;
      // The server does not answer just now: what has changed is asked for again, in a while.
      if (failed && place === marker()) for (const id of asked) changed.add(id);
      if (changed.size) later(failed ? 10000 : 0);
    }
  };

  // A record at once; what shows many records not more often than every few seconds.
  const later = (least = 0) => {
    clearTimeout(timer);
    const rest = Math.max(least, isRecord() ? 150 : 800, isRecord() ? 0 : 4000 - (performance.now() - askedAt));
    timer = setTimeout(() => {
      const place = marker();
      if (!place) return;
      if (!isChosen()) { refresh(); return; }
      const text = place.dataset.changed.replace("{n}", changed.size);
      bar(text, place.dataset.show, () => location.reload());
    }, rest);
  };

  const ring = (unread) => {
    const count = one("#bell-count");
    if (!count) return;
    const most = Number(count.dataset.most);
    count.firstChild.nodeValue = unread >= most ? `${most}+` : String(unread);
    count.hidden = unread === 0;
  };

  const hear = (event) => {
    const place = marker();
    if (!place || !place.dataset.from) return;
    if (event.here) { root.dispatchEvent(new CustomEvent("live:here", { detail: event.here })); return; }
    if (event.ended) { root.dispatchEvent(new CustomEvent("live:ended")); return; }
    if (event.unread !== undefined) { ring(event.unread); return; }
    if (event.lost) { changed.add("lost"); later(); return; }
    const records = new Set(place.dataset.records?.split(" ") ?? []);
    const types = new Set(place.dataset.types?.split(" ") ?? []);
    const mine = (event.changes ?? []).filter((change) => change.position >= Number(place.dataset.from));
    for (const change of mine) if (records.has(change.id) || types.has(change.type)) changed.add(change.id);
    if (changed.size) later();
  };
  root.addEventListener("visibilitychange", () => { if (!root.hidden && changed.size) later(); });

  // ---- the stream: with the other pages of this browser, or alone
  let join = null;
  const connect = (place) => {
    if (window.SharedWorker) {
      // One and the same for all pages of a session, and for no other.
      const { port } = new SharedWorker(place.dataset.worker, { name: place.dataset.who });
      port.addEventListener("message", ({ data }) => hear(data));
      port.start();
      addEventListener("pagehide", () => port.postMessage({ leave: true }));
      return (wanted) => port.postMessage(wanted);
    }
    const stream = new LiveStream(hear);
    return (wanted) => { const missed = stream.join(wanted); if (missed) hear(missed); };
  };
  const begin = () => {
    const place = marker();
    if (!place?.dataset.from || place.dataset.drawn) return;
    place.dataset.drawn = "1";
    changed.clear();
    join ??= connect(place);
    join({ url: place.dataset.stream, from: Number(place.dataset.from), who: place.dataset.who });
  };
  root.addEventListener("DOMContentLoaded", begin);
  root.addEventListener("htmx:afterSettle", begin);
  addEventListener("pageshow", (event) => {
    const place = marker();
    if (event.persisted && place) { delete place.dataset.drawn; begin(); }
  });
})();
