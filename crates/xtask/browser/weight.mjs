// How heavy and how fast the pages are: bytes and requests of a page that the browser has never seen, how long what people
// do most takes to answer, and what Lighthouse says, in light and dark. Wants a quiet machine: nothing else should run.

import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { AGENT, BASE, QUIET, demand, end, journey, login, start, window } from "./person.mjs";

const require = createRequire(path.join(process.env.MODULES, "index.js"));
const { chromium } = require("playwright-core");

const BYTES = 200_000;
const REQUESTS = 15;
const ANSWER = 100;
const SCORE = 0.95;
const JUDGED = ["performance", "accessibility", "best-practices"];
const PAGES = [["login", "/login"], ["home", "/"], ["list", "/incident"], ["record", "RECORD"], ["create", "/incident/new"],
  ["board", "/incidents/board"], ["search", "/search?q=network"]];

async function record(page) {
  await page.goto(`${BASE}/incident?where=${encodeURIComponent("state == 'active'")}`);
  return page.locator("tr[data-row] .title a").first().getAttribute("href");
}

const browser = await start();
const { context: first, page: asking } = await window(browser);
await login(asking);
const RECORD = await record(asking);
const kept = await first.cookies();

for (const [name, path] of PAGES) {
  await journey(`${name}: the weight of the first visit`, async () => {
    const { context, page } = await window(browser);
    if (name !== "login") await context.addCookies(kept);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let [bytes, requests] = [0, 0];
    const streams = new Set();
    session.on("Network.requestWillBeSent", ({ requestId, request }) => {
      if (new URL(request.url).pathname.endsWith("/live")) streams.add(requestId); else requests += 1;
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => { if (!streams.has(requestId)) bytes += encodedDataLength; });
    await page.goto(BASE + path.replace("RECORD", RECORD), { waitUntil: "load" });
    await page.waitForTimeout(1000);
    console.log(`     ${bytes} bytes, ${requests} requests`);
    demand(bytes <= BYTES && requests <= REQUESTS, `${bytes} bytes (${BYTES}), ${requests} requests (${REQUESTS})`);
    await context.close();
  });
}

/** Milliseconds from an act to the frame that shows its answer, the middle of five tries. */
async function answers(page, act, shown, undo) {
  const times = [];
  for (let tries = 0; tries < 6; tries += 1) {
    await page.evaluate((wanted) => {
      globalThis.answered = new Promise((done, never) => {
        setTimeout(() => never(new Error(`${wanted} was not shown`)), 10_000);
        let begun = 0;
        for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, (event) => { begun ||= event.timeStamp; }, { capture: true, once: true });
        const look = () => {
          const found = begun && document.querySelector(wanted)?.checkVisibility();
          if (found) requestAnimationFrame((now) => done(now - begun)); else requestAnimationFrame(look);
        };
        look();
      });
    }, shown);
    await act();
    times.push(await page.evaluate(() => globalThis.answered));
    await undo();
  }
  // The first try warms what is kept.
  return times.slice(1).sort((a, b) => a - b)[2];
}

await journey("what people do most answers at once", async () => {
  const { context, page } = await window(browser);
  await context.addCookies(kept);
  const one = async (said, at, act, shown, undo) => {
    await page.goto(BASE + at);
    await page.waitForTimeout(800);
    const took = await answers(page, act, shown, undo);
    console.log(`     ${said}: ${took.toFixed(0)} ms`);
    return [said, took];
  };
  const all = [
    await one("search opens", "/", () => page.keyboard.press("/"), "dialog[open]", () => page.keyboard.press("Escape")),
    await one("a record is looked at beside the list", "/incident", () => page.locator("tr[data-row] td.id").first().click(), "section.preview h2", () => page.goto(`${BASE}/incident`)),
    await one("a section opens for editing", RECORD, () => page.locator("a[href*='?edit=']").first().click({ force: true }), "form.form textarea", () => page.goto(BASE + RECORD)),
    await one("the keys are shown", "/incident", () => page.keyboard.press("?"), "#keys[open]", () => page.keyboard.press("Escape")),
  ];
  const slow = all.filter(([, took]) => took > ANSWER);
  demand(slow.length === 0, `slower than ${ANSWER} ms: ${slow.map(([said]) => said)}`);
  await context.close();
});
await browser.close();

// Lighthouse opens pages of its own in a browser that is told by its port; who is in there is in for it too.
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(require.resolve("lighthouse")));
const port = 9222 + Math.floor(Math.random() * 1000);
const folder = await mkdtemp(path.join(tmpdir(), "weight-"));
const context = await chromium.launchPersistentContext(folder, {
  executablePath: process.env.CHROMIUM, args: [...QUIET, `--remote-debugging-port=${port}`], viewport: { width: 1350, height: 940 },
});
const settings = { port, output: "json", logLevel: "silent", onlyCategories: JUDGED, disableStorageReset: true };
for (const theme of ["light", "dark"]) {
  await context.clearCookies();
  await context.addCookies([{ name: "theme", value: theme, url: BASE }]);
  for (const [name, at] of PAGES) {
    if (name === "home") await context.addCookies(kept.filter((cookie) => cookie.name !== "theme"));
    await journey(`${name}, ${theme}: Lighthouse`, async () => {
      const { lhr } = await lighthouse(BASE + at.replace("RECORD", RECORD), settings, desktopConfig);
      demand(!lhr.runtimeError, `${lhr.runtimeError?.code}: ${lhr.runtimeError?.message}`);
      const scores = JUDGED.map((kind) => [kind, lhr.categories[kind].score]);
      console.log(`     ${scores.map(([kind, score]) => `${kind} ${Math.round(score * 100)}`).join(", ")}`);
      demand(new URL(lhr.finalDisplayedUrl).pathname === new URL(BASE + at.replace("RECORD", RECORD)).pathname, lhr.finalDisplayedUrl);
      const refs = JUDGED.flatMap((kind) => lhr.categories[kind].auditRefs);
      const weak = refs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9).map(({ id }) => id);
      demand(scores.every(([, score]) => score >= SCORE), `below ${SCORE * 100}: ${weak.join(", ")}`);
    });
  }
}
await context.close();
await rm(folder, { recursive: true, force: true });
end();
