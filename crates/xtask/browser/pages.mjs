// Every kind of page in both languages, light and dark, wide and narrow: axe finds nothing, nothing is wider than the
// window, nothing breaks the policy of the page. PAGES=sample takes a part of the combinations.

import { ADMINISTRATOR, AGENT, BASE, axeSource, demand, end, journey, login, start, window } from "./person.mjs";

const PAGES = ["/", "/incident", "/incident?list=waiting", "/incident/new", "RECORD", "RECORD?edit=report", "/search?q=network",
  "/change", "/configuration_item", "/service",
  "/person", "/incident/nowhere", "/changes/calendar", "/incidents/board", "/incidents/figures", "/problems/overview",
  "/configuration/graph", "/me", "/me/sessions", "/me/tokens", "/me/second"];
// Those of people who administer.
const ADMINISTRATION = ["/administration/definitions", "/administration/definitions/change",
  "/administration/definitions/incident/edit?what=field", "/administration/definitions/incident/edit?what=rule",
  "/administration/definitions/incident/edit?what=label", "/administration/overlay", "/administration/versions/1"];
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

const all = process.env.PAGES !== "sample";
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

async function judge(page) {
  await page.addScriptTag({ path: axeSource }).catch(() => {});
  const source = await import("node:fs").then((fs) => fs.readFileSync(axeSource, "utf8"));
  const found = await page.evaluate(async ([text, rules]) => {
    if (!globalThis.axe) (0, eval)(text);
    const { violations } = await globalThis.axe.run(document, rules);
    return violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
  }, [source, RULES]);
  demand(found.length === 0, found.join("\n       "));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  demand(wide <= 0, `${wide} px wider than the window`);
}

for (const options of combinations) {
  const { context, page } = await window(browser, options);
  const name = Object.values(options).join(" ");
  await context.route("**/*", (route) => route.continue());
  await journey(`${name}: the door`, async () => { await page.goto(`${BASE}/login`); await judge(page); });
  await login(page, AGENT);
  await page.goto(`${BASE}/incident?where=${encodeURIComponent("state == 'active'")}`);
  const record = await page.locator("tr[data-row] .title a").first().getAttribute("href");
  for (const path of PAGES) {
    await journey(`${name}: ${path}`, async () => {
      await page.goto(BASE + path.replace("RECORD", record));
      await judge(page);
    });
  }
  await context.clearCookies({ name: "evenkeel" });
  await login(page, ADMINISTRATOR);
  for (const path of ADMINISTRATION) {
    await journey(`${name}: ${path}`, async () => {
      await page.goto(BASE + path);
      await judge(page);
    });
  }
  await context.close();
}

await browser.close();
end();
