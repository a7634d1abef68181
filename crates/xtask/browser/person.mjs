// A person at a browser: Chromium with a window of its own, logged in. Whatever the page complains of in the console, or
// breaks of its own policy, is kept and fails the run.

import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.MODULES, "index.js"));
const { chromium } = require("playwright-core");

export const { BASE, AGENT, ADMINISTRATOR, PASSWORD } = process.env;
export const axeSource = require.resolve("axe-core/axe.min.js");

// Without these Chromium talks to its maker at every start.
export const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const start = () => chromium.launch({ executablePath: process.env.CHROMIUM, args: QUIET });

/** A window: `language`, `theme`, `width`; `complaints` collects what goes wrong in it. */
export async function window(browser, { language = "en", theme = "light", width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Europe/Berlin",
    hasTouch: width < 900,
  });
  await context.addCookies([
    { name: "theme", value: theme, url: BASE },
    { name: "language", value: language, url: BASE },
  ]);
  const page = await context.newPage();
  page.speaks = language === "zh" ? "zh-Hans" : "en";
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => {
    // A refusal is an answer; that the browser notes its status is no fault.
    const isRefusal = /status of 4\d\d|Response Status Error Code 4/.test(message.text());
    if (message.type() === "error" && !isRefusal) complaints.push(`console: ${message.text()}`);
  });
  return { context, page, complaints };
}

export async function login(page, name = AGENT) {
  await page.goto(`${BASE}/login`);
  await page.fill("#login", name);
  await page.fill("#password", PASSWORD);
  await page.click("button.btn-solid");
  await page.waitForSelector(".shell");
  // Whoever is in has a language of their own: the switch in the side changes it.
  if ((await page.getAttribute("html", "lang")) !== page.speaks) {
    await page.locator(".side-foot form").nth(1).locator("button").evaluate((button) => button.click());
    await page.waitForSelector(`html[lang=${page.speaks}]`);
  }
}

let failed = 0;
let passed = 0;

/** One journey; its name is what a reader learns from a failure. */
export async function journey(name, walk) {
  const begun = Date.now();
  try {
    await walk();
    passed += 1;
    console.log(`ok   ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.message}`);
  }
}

export function demand(holds, said) {
  if (!holds) throw new Error(said);
}

export function end() {
  console.log(`test result: ${failed ? "FAILED" : "ok"}. ${passed} passed; ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
