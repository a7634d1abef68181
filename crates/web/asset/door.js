// The door and what belongs to one's own account: passwords that can be shown, passkeys. Whoever has no
// script signs in with a password and a code.
(() => {
  "use strict";
  const root = document;
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];

  // ---- passwords: a button that shows what is typed
  const ready = () => all("[data-reveal][hidden]").forEach((button) => { button.hidden = false; });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    const input = button && root.getElementById(button.dataset.reveal);
    if (!input) return;
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });

  // ---- passkeys: the browser is asked, its answer goes into the form
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const written = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const can = () => Boolean(window.PublicKeyCredential);
  const make = async (options) => {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) }));
    const made = await navigator.credentials.create({ publicKey: options });
    const { response } = made;
    return {
      id: written(made.rawId), client: written(response.clientDataJSON),
      data: written(response.getAuthenticatorData()), key: written(response.getPublicKey()),
      algorithm: response.getPublicKeyAlgorithm(),
    };
  };
  const show = async (begin) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const begun = await fetch(begin, { method: "POST", headers, body: "" });
    if (!begun.ok) throw new Error(begun.statusText);
    const options = await begun.json();
    options.challenge = bytes(options.challenge);
    const { rawId, response } = await navigator.credentials.get({ publicKey: options });
    return {
      id: written(rawId), client: written(response.clientDataJSON),
      data: written(response.authenticatorData), signature: written(response.signature),
    };
  };
  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-passkey]");
    if (!form || form.elements.answer.value) return;
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const answer = form.dataset.passkey === "create"
        ? await make(JSON.parse(form.dataset.options)) : await show(form.dataset.begin);
      form.elements.answer.value = JSON.stringify(answer);
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  });
  const offer = () => {
    if (can()) all("form[data-passkey][hidden]").forEach((form) => { form.hidden = false; });
  };

  root.addEventListener("htmx:afterSettle", () => { ready(); offer(); });
  ready();
  offer();
})();
