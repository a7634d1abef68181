// Every page in both languages, light and dark, wide and narrow: axe finds nothing, nothing is wider than the window (nor
// than 320 px), no text is cut, nothing breaks the policy of the page. The pages are found by `discover.mjs`. PAGES=sample
// takes a part of the combinations and one record type for all; ONLY=TEXT the addresses that hold a text.

import { readFileSync } from "node:fs";
import { discover, recordTypes, shape } from "./discover.mjs";
import { ADMINISTRATOR, AGENT, BASE, axeSource, demand, end, journey, login, start, window } from "./person.mjs";

const { MANAGER, ONLY = "", PAGES } = process.env;
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const AXE = readFileSync(axeSource, "utf8");
const NARROW = 320;
// What no page leads to: nothing is there; what was searched for is found.
const OTHERS = ["/incident/nowhere", "/search?q=network"];

const all = PAGES !== "sample";
const combinations = [];
for (const language of ["en", "zh"]) {
  for (const theme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      const sampled = (language === "en") === (theme === "light") && (width === 1440) === (language === "en");
      if (all || sampled) combinations.push({ language, theme, width });
    }
  }
}

const browser = await start();

/** What axe finds on the page as it stands. */
async function faults(page) {
  return page.evaluate(async ([text, rules]) => {
    if (!globalThis.axe) (0, eval)(text);
    const { violations } = await globalThis.axe.run(document, rules);
    return violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
  }, [AXE, RULES]);
}

/** Text that is cut without a sign: its box hides what does not fit, and shows no dots. */
const cut = (page) => page.evaluate(() => {
  const holdsText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.nodeValue.trim());
  const isCut = (node) => {
    const style = getComputedStyle(node);
    const isShown = style.visibility === "visible" && node.clientWidth > 2 && node.clientHeight > 2 && style.clipPath === "none";
    if (!isShown || style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") return false;
    const hides = (value) => value === "hidden" || value === "clip";
    return (hides(style.overflowX) && node.scrollWidth > node.clientWidth + 1) || (hides(style.overflowY) && node.scrollHeight > node.clientHeight + 3);
  };
  return [...document.querySelectorAll("body *:not(script, style, svg *, textarea, option, title)")]
    .filter((node) => holdsText(node) && isCut(node))
    .map((node) => `cut: ${node.outerHTML.slice(0, 120)}`);
});

const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

async function judge(page, width) {
  const found = await faults(page);
  const over = await wider(page);
  if (over > 0) found.push(`${over} px wider than ${width} px`);
  found.push(...await cut(page));
  if (width < 900) {
    await page.setViewportSize({ width: NARROW, height: 844 });
    const narrow = await wider(page);
    if (narrow > 0) found.push(`${narrow} px wider than ${NARROW} px`);
    await page.setViewportSize({ width, height: 844 });
  }
  demand(found.length === 0, found.join("\n       "));
}

/** The pages that somebody comes to and nobody before did. */
async function ofPerson(name, taken) {
  const { context, page } = await window(browser);
  await login(page, name);
  const types = all ? new Set() : new Set(await recordTypes(page));
  const found = await discover(page, { types });
  await context.close();
  return [...found, ...taken.size === 0 ? OTHERS : []].filter((address) => {
    const kind = shape(address, types);
    const isNew = !taken.has(kind) && address.includes(ONLY);
    taken.add(kind);
    return isNew;
  });
}

const taken = new Set();
const people = [];
for (const name of [AGENT, MANAGER, ADMINISTRATOR]) people.push([name, await ofPerson(name, taken)]);
console.log(`${taken.size} pages in ${combinations.length} combinations`);

for (const options of combinations) {
  const said = Object.values(options).join(" ");
  for (const [name, pages] of people) {
    const { context, page, complaints } = await window(browser, options);
    if (name === AGENT) await journey(`${said}: the door`, async () => { await page.goto(`${BASE}/login`); await judge(page, options.width); });
    await login(page, name);
    for (const path of pages) {
      await journey(`${said}: ${path}`, async () => {
        complaints.length = 0;
        await page.goto(BASE + path);
        await judge(page, options.width);
        demand(complaints.length === 0, complaints.join("; "));
      });
    }
    await context.close();
  }
}

await browser.close();
end();
