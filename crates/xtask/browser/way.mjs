// What ways through the pages have in common.

import { BASE, demand, login, start, window } from "./person.mjs";

export const browser = await start();

/** Walks in a new window, as the agent or whom `options.as` names; nothing may be complained of on the way. */
export async function walk(options, way) {
  const { context, page, complaints } = await window(browser, options);
  try {
    await login(page, options.as);
    await way(page, context);
    demand(complaints.length === 0, complaints.join("; "));
  } catch (error) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${Date.now()}.png` });
    const [said, ...more] = error.message.split("\n");
    const waited = more.find((line) => line.includes("waiting for")) ?? "";
    throw new Error(`${said} ${waited.trim()} at ${page.url()}`);
  } finally {
    await context.close();
  }
}

/** Walks of two people, each in a browser of their own; `way` gets both pages. */
export async function together(first, second, way) {
  await walk(first, (one) => walk(second, (other) => way(one, other)));
}

/** A new incident by its form; its number. */
export async function report(page, summary) {
  await page.goto(`${BASE}/incident/new`);
  await page.fill("#f-summary", summary);
  await page.selectOption("#f-channel", "phone");
  await page.locator("#new button.btn-solid").click();
  await page.waitForURL(/INC-\d+$/);
  return page.url().split("/").pop();
}

/** Performs a step of the record that the page shows; `fill` puts in what its form asks for. */
export async function step(page, name, fill = async () => {}) {
  await page.locator(`.moves a[href*='move=${name}#']`).click();
  await page.waitForSelector("#move");
  await fill();
  await page.locator("#move button[type=submit]").click();
  await page.waitForSelector("#move", { state: "detached" });
  await page.waitForSelector(".toast");
}

/** What an incident needs to be resolved, by its form. */
export async function resolve(page) {
  await step(page, "resolve", async () => {
    for (const field of ["service", "category"]) await page.selectOption(`#move #f-${field}`, { index: 1 });
    await page.selectOption("#move #f-close_code", "fixed");
    await page.fill("#move #f-resolution", "A new cable");
  });
}

/** Goes on by the tabulator until the part that `selector` names has the focus, as people without a mouse do. */
export async function tab(page, selector) {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator does not come to ${selector}`);
}

/** The text of each that `selector` names, trimmed. */
export const texts = async (page, selector) =>
  (await page.locator(selector).allTextContents()).map((text) => text.trim());
