// The page of the interface: sends what its form holds with the session of the browser, and shows the answer as text,
// never as a page. Whoever has no script reads the description alone.
(() => {
  "use strict";
  const root = document;
  const meta = (name) => root.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const MOST = 200_000;
  const OURS = ["/api/v1/", "/health", "/metrics"];

  // Only addresses of the interface on this server.
  const address = (path) => {
    const before = meta("prefix");
    const url = new URL(before + path.trim(), location.origin);
    const ours = url.origin === location.origin && OURS.some((start) => url.pathname.startsWith(before + start));
    return ours ? url : null;
  };
  const request = (form) => {
    const method = form.elements.verb.value;
    const headers = {};
    form.querySelectorAll("[data-header]").forEach((input) => {
      const value = input.value.trim();
      if (value) headers[input.dataset.header] = value;
    });
    if (method !== "GET") headers["X-CSRF"] = meta("csrf");
    const file = method === "GET" ? null : form.elements.file?.files[0];
    if (file) {
      const sent = new FormData();
      sent.append("file", file);
      return { method, headers, body: sent, redirect: "error" };
    }
    const body = method === "GET" ? "" : form.elements.body.value.trim();
    if (body) headers["Content-Type"] = "application/json";
    return { method, headers, body: body || undefined, redirect: "error" };
  };
  const text = async (answer) => {
    const bytes = await answer.arrayBuffer();
    const kind = answer.headers.get("content-type") ?? "";
    if (!/json|^text\//.test(kind)) return bytes.byteLength ? `${kind}: ${bytes.byteLength}` : "";
    const whole = new TextDecoder().decode(bytes);
    if (whole.length > MOST) return `${whole.slice(0, MOST)}\n...`;
    try {
      return JSON.stringify(JSON.parse(whole), null, 2);
    } catch {
      return whole;
    }
  };
  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-api]");
    if (!form) return;
    event.preventDefault();
    const shown = root.getElementById("answer");
    const put = (name, value) => { shown.querySelector(`[data-${name}]`).textContent = value; };
    const tell = (status, headers, body) => {
      put("status", status);
      put("headers", headers);
      put("body", body);
      shown.hidden = false;
    };
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const url = address(form.elements.path.value);
      if (!url) return tell(form.dataset.foreign, "", "");
      const answer = await fetch(url, request(form));
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      tell(`${answer.status} ${answer.statusText}`, headers, await text(answer));
    } catch {
      tell(form.dataset.failed, "", "");
    } finally {
      button.disabled = false;
    }
  });

  const ready = () => root.querySelectorAll("form[data-api][hidden]").forEach((form) => { form.hidden = false; });
  root.addEventListener("htmx:afterSettle", ready);
  ready();
})();
