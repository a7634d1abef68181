// Which pages there are, found as people find them: from the menus onwards by every link that a page holds. Of pages that
// differ by their record alone, or by which list, step or section of it is shown, one is taken.

import { BASE } from "./person.mjs";

const ID = /^([A-Z]{2,}-\d+|[0-9a-f]{8}-[0-9a-f-]{27}|\d+)$/;
// Files to be saved, what is not a page, and what only sends on.
const LEFT_OUT = /^\/(asset|api\/v1|enter|logout|choice|live|login|health|metrics)(\/|$)/;
// Parameters that draw another kind of page; all others turn, filter or sort the same.
const TELLING = new Set(["edit", "for", "list", "move", "show", "try", "what"]);
// What is drawn alike for each record type.
const ALIKE = new Set(["bulk", "columns", "filter", "views"]);

/** What an address has in common with those of its kind. `types`: names of record types that count as one; none in a full run. */
export function shape(address, types = new Set()) {
  const url = new URL(address, BASE);
  const parts = url.pathname.split("/").slice(1);
  const named = parts.map((part, at) => {
    if (at === 0 && (types.has(part) || ALIKE.has(parts[1]))) return "TYPE";
    if (ID.test(part)) return "RECORD";
    // Names that stand below a part: accounts, definitions, roles.
    return at > 1 && ["accounts", "definitions", "roles"].includes(parts[at - 1]) ? "ONE" : part;
  });
  // A record that goes by its name.
  if (named.length > 1 && types.has(parts[0]) && named[1] !== "new" && !ALIKE.has(named[1])) named[1] = "RECORD";
  const told = [...url.searchParams].filter(([name]) => TELLING.has(name));
  const query = told.map(([name, value]) => name === "what" ? `${name}=${value}` : name);
  return `/${named.join("/")}?${[...new Set(query)].sort().join("&")}`;
}

/** Addresses by their shape, as the person of `page` comes to them; at most `most` are read. */
export async function discover(page, { types = new Set(), most = 600 } = {}) {
  const found = new Map();
  const waiting = ["/"];
  for (let read = 0; waiting.length > 0 && read < most; read += 1) {
    const address = waiting.shift();
    const answer = await page.request.get(BASE + address, { maxRedirects: 0, headers: { accept: "text/html" } });
    if (answer.status() !== 200 || !answer.headers()["content-type"]?.startsWith("text/html")) continue;
    const html = await answer.text();
    found.set(shape(address, types), address);
    for (const [, link] of html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)) {
      const url = new URL(link.replaceAll("&amp;", "&"), BASE + address);
      const next = url.pathname + url.search;
      const kind = shape(next, types);
      if (url.origin !== BASE || LEFT_OUT.test(url.pathname) || found.has(kind)) continue;
      found.set(kind, null);
      waiting.push(next);
    }
  }
  return [...found.values()].filter((address) => address !== null);
}

/** The names of all record types. */
export async function recordTypes(page) {
  const answer = await (await page.request.get(`${BASE}/api/v1/record_types`)).json();
  return (answer.items ?? answer.record_types ?? answer).map((one) => one.name);
}
