// Says that its reader has the record open, and shows who else has; a page that nobody sees says nothing.
(() => {
  "use strict";
  const root = document;
  const EVERY = 20000;
  const place = () => root.querySelector("#here");
  let [timer, typedAt, saidAt, shown, ended] = [0, 0, 0, null, null];

  const isTyping = () => performance.now() - typedAt < 6000;
  const say = async () => {
    const here = place();
    if (!here || here === ended || root.hidden) return;
    clearTimeout(timer);
    saidAt = performance.now();
    shown = here.dataset.here;
    const body = new URLSearchParams({ doing: isTyping() ? "typing" : "reading" });
    const headers = { "X-CSRF": root.querySelector("#live")?.dataset.who ?? "", "X-Unattended": "1" };
    try {
      const answer = await fetch(shown, { method: "POST", headers, body });
      // Whoever is not in any more, or may not be told, is told nothing more on this page.
      if (answer.redirected || (!answer.ok && answer.status < 500 && answer.status !== 429)) { end(here); return; }
      if (answer.ok && place() === here) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        here.replaceChildren(...[...fresh.body.childNodes].map((node) => root.importNode(node, true)));
      }
    } catch {
      // The server does not answer just now.
    }
    timer = setTimeout(say, isTyping() ? 5000 : EVERY);
  };
  const end = (here) => {
    clearTimeout(timer);
    [ended, shown] = [here, null];
    here?.replaceChildren();
  };
  const leave = () => {
    clearTimeout(timer);
    if (!shown) return;
    const body = new URLSearchParams({ doing: "leaving", csrf: root.querySelector("#live")?.dataset.who ?? "" });
    navigator.sendBeacon(shown, body);
    shown = null;
  };

  root.addEventListener("input", (event) => {
    if (!event.target.matches?.("form.compose textarea")) return;
    const before = isTyping();
    typedAt = performance.now();
    if (!before) say();
  });
  root.addEventListener("live:ended", () => end(place()));
  root.addEventListener("live:here", ({ detail }) => {
    const own = root.querySelector("#live")?.dataset.records?.split(" ")[0];
    if (!detail.includes(own)) return;
    clearTimeout(timer);
    timer = setTimeout(say, Math.max(0, 300 - (performance.now() - saidAt)));
  });
  const begin = () => {
    const here = place();
    if (here?.dataset.here === shown && here?.childNodes.length) return;
    if (shown && here?.dataset.here !== shown) leave();
    if (here) { typedAt = -Infinity; say(); }
  };
  typedAt = -Infinity;
  root.addEventListener("DOMContentLoaded", begin);
  root.addEventListener("htmx:afterSettle", (event) => { if (event.target === root.body) begin(); });
  root.addEventListener("visibilitychange", () => { if (!root.hidden) say(); });
  addEventListener("pagehide", leave);
})();
