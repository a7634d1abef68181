// Texts that would act are stored by the REST interface in every text of a few record types, in comments, file names and
// the names of saved views, and looked at in every page that shows them. Nothing acts, nothing becomes a part of a page,
// no policy of a page is broken. PAYLOADS says how many.

import { AGENT, BASE, demand, end, journey, login, start, window } from "./person.mjs";
import { payloads } from "./payloads.mjs";

const { TOKEN } = process.env;
const COUNT = Number(process.env.PAYLOADS ?? 500);
const TYPES = ["incident", "problem", "change"];
const TEXTS = ["text", "markdown"];

const texts = payloads(COUNT);
let refused = 0;

/** Asks the REST interface; what it refuses to keep is counted. */
async function ask(method, path, body, headers = { "content-type": "application/json" }) {
  const answer = await fetch(`${BASE}/api/v1${path}`, { method, headers: { authorization: `Bearer ${TOKEN}`, ...headers }, body });
  demand(answer.status < 500, `${method} ${path}: ${answer.status}`);
  if (!answer.ok) refused += 1;
  return answer.ok && answer.status !== 204 ? answer.json() : null;
}

/** The cells of a CSV file (RFC 4180): a line that begins within quotes begins no cell. */
const cells = (csv) =>
  [...csv.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);

/** One record, each of its texts with another payload; what is said of it and a file with one more. */
async function store(type, fields, at) {
  const payload = (shift) => texts[(at + shift * 7) % COUNT];
  const values = Object.fromEntries(fields.map((field, shift) => [field, payload(shift)]));
  let made = await ask("POST", `/${type}`, JSON.stringify(values));
  // A field that has a form of its own may refuse the text; the title takes any.
  made ??= await ask("POST", `/${type}`, JSON.stringify({ summary: payload(0) }));
  if (!made) return null;
  const path = `/${type}/${made.number}`;
  await ask("POST", `${path}/comments`, JSON.stringify({ text: payload(1), internal: at % 2 === 0 }));
  const file = new FormData();
  file.append("file", new Blob([payload(2)], { type: "text/html" }), `${payload(2).replace(/[/\\\n\r\t"]/g, "")}.html`);
  await ask("POST", `${path}/attachments`, file, {});
  return made.number;
}

const browser = await start();
const { context, page, complaints } = await window(browser, { width: 1280 });
await context.addInitScript(() => {
  globalThis.acted = [];
  globalThis.ran = (which) => globalThis.acted.push(`ran ${which}`);
  globalThis.addEventListener("securitypolicyviolation", (event) => globalThis.acted.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
});
const abroad = [];
page.on("request", (request) => { if (!request.url().startsWith(BASE)) abroad.push(request.url()); });

/** Opens a page, or looks at the one that is open, and asks whether anything acted or was planted. */
async function look(path) {
  if (path) await page.goto(BASE + path);
  const found = await page.evaluate(() => {
    const links = [...document.querySelectorAll("a[href], [action], [src], [data], [formaction]")];
    const bad = links.flatMap((node) => ["href", "action", "src", "data", "formaction"].map((name) => node.getAttribute(name) ?? ""))
      .filter((address) => /^[\s\0-\x1f]*(java|vb)\s*script:|^\s*data:text/i.test(address.replace(/[\t\n\r]/g, "")));
    const handlers = [...document.querySelectorAll("*")].filter((node) => [...node.attributes].some((one) => /^on|^hx-on/.test(one.name)));
    const planted = [...document.querySelectorAll("[data-planted], main base, main meta, main iframe, main object, main script, main style")];
    return [...globalThis.acted, ...bad, ...[...planted, ...handlers].map((node) => node.outerHTML.slice(0, 200))];
  });
  const all = [...found, ...complaints, ...abroad];
  demand(all.length === 0, `${page.url()}: ${all.slice(0, 3).join(" | ")}`);
}

// An eye that sees nothing would find nothing: this page guards itself against nothing.
await journey("what acts is seen", async () => {
  // What is given to each page begins with the next one.
  await page.goto("about:blank");
  await page.setContent("<main><img data-planted src=x onerror=ran(1)></main>");
  const said = await look().then(() => "nothing", (error) => error.message);
  complaints.length = 0;
  demand(said.includes("ran 1") && said.includes("data-planted"), said);
});

await login(page, AGENT);
const kept = new Map();
for (const type of TYPES) {
  await journey(`${COUNT} payloads are stored in ${type}`, async () => {
    const definition = await ask("GET", `/record_types/${type}`);
    const fields = definition.fields.filter((one) => TEXTS.includes(one.kind) && !one.computed && !one.set_by_workflow).map((one) => one.name);
    const numbers = [];
    for (let at = 0; at < COUNT; at += 1) numbers.push(await store(type, fields, at));
    kept.set(type, numbers.filter(Boolean));
    demand(kept.get(type).length > COUNT * 0.9, `only ${kept.get(type).length} records of ${COUNT} were made`);
    demand(fields.length > 2, `${type} has texts: ${fields}`);
  });
}

await journey("payloads are names of saved views, and each view is opened", async () => {
  const named = texts.slice(0, Math.min(COUNT, 60));
  for (const name of named) await ask("POST", "/incident/views", JSON.stringify({ name: name.slice(0, 80), where: "summary is set" }));
  const { items, views } = await ask("GET", "/incident/views");
  for (const view of (items ?? views).slice(0, 10)) await look(`/incident?view=${view.id}`);
  await look("/incident/views");
});

for (const [type, numbers] of kept) {
  await journey(`lists and previews of ${type}`, async () => {
    await look(`/${type}?sort=-number`);
    for (let sheet = 0; sheet * 50 < numbers.length; sheet += 1) {
      const row = page.locator("tr[data-row] td.id").first();
      await row.click();
      await page.waitForSelector("section.preview h2");
      await look();
      const next = page.locator("a[rel=next]");
      if ((await next.count()) === 0) break;
      await look(new URL(await next.first().getAttribute("href"), BASE).href.slice(BASE.length));
    }
  });
  await journey(`records of ${type}: as they are, as they were, on paper, in their forms`, async () => {
    for (const [at, number] of numbers.entries()) {
      await look(`/${type}/${number}`);
      if (at % 5 === 0) {
        await page.emulateMedia({ media: "print" });
        await look();
        await page.emulateMedia({ media: "screen" });
        await look(`/${type}/${number}?as_of=${encodeURIComponent(new Date().toISOString())}`);
        const edit = await page.request.get(`${BASE}/${type}/${number}`).then((answer) => answer.text());
        const section = /\?edit=([a-z_]+)/.exec(edit)?.[1];
        if (section) await look(`/${type}/${number}?edit=${section}`);
      }
    }
  });
}

await journey("what is searched for", async () => {
  for (const words of ["ran", "data-planted", "onerror", ...texts.slice(0, Math.min(COUNT, 40))]) await look(`/search?q=${encodeURIComponent(words)}`);
});

await journey("home, notifications, activity and the pages of the processes", async () => {
  for (const path of ["/", "/notifications", "/incidents/board", "/changes/calendar", "/problems/overview", "/configuration/graph", "/me"]) await look(path);
});

await journey("exports are saved, not shown, and begin no formula", async () => {
  for (const [format, media] of [["csv", /^text\/csv/], ["jsonl", /json/]]) {
    const answer = await fetch(`${BASE}/api/v1/incident/export?format=${format}&sort=-number`, { headers: { authorization: `Bearer ${TOKEN}` } });
    demand(media.test(answer.headers.get("content-type")), answer.headers.get("content-type"));
    demand(/^attachment/.test(answer.headers.get("content-disposition")), "it is an attachment");
    demand(answer.headers.get("x-content-type-options") === "nosniff", "its kind is not guessed");
    const text = await answer.text();
    const formulas = format === "csv" ? cells(text).filter((cell) => /^\s*=/.test(cell)) : [];
    demand(formulas.length === 0, `a cell begins a formula: ${JSON.stringify(formulas[0])}`);
  }
});

console.log(`${refused} texts were refused by the REST interface`);
await browser.close();
end();
