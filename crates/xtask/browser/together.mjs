// Ways of two people at once, each in a browser of their own, and of one person with many records. What the other does
// appears without a reload: a mark that a reload would wipe out is looked for at the end.

import { BASE, demand, end, journey } from "./person.mjs";
import { browser, report, resolve, step, texts, together, walk } from "./way.mjs";

const { MANAGER, APPROVER } = process.env;

/** A record of the demo that a link may lead to. */
async function item(page) {
  await page.goto(`${BASE}/configuration_item?where=${encodeURIComponent("state == 'live'")}`);
  return page.locator("tr[data-row]").first().getAttribute("data-id");
}

/** A new change that is ready to be authorized, all but the last step. */
async function prepare(page, summary) {
  const affected = await item(page);
  await page.goto(`${BASE}/change/new`);
  await page.fill("#f-summary", summary);
  await page.fill("#f-reason", "The disks are full");
  await page.selectOption("#f-service", { index: 1 });
  await page.locator("#new button.btn-solid").click();
  await page.waitForURL(/CHG-\d+$/);
  await step(page, "submit");
  await page.locator("details.add-link summary").first().click();
  await page.selectOption("#link-name", "affects");
  await page.fill("#link-to", affected);
  await page.locator(".add-link form button[type=submit]").click();
  await page.waitForSelector("ul.links li");
  return page.url().split("/").pop();
}

// A day years ahead, another one each second: nothing else is planned for the same item then.
const quiet = () => new Date(Date.now() + (1000 + Math.floor(Date.now() / 1000) % 5000) * 86_400_000).toISOString().slice(0, 10);

/** Asks for the authorization. */
const ask = (page, day) => step(page, "request_authorization", async () => {
  for (const field of ["impact", "likelihood"]) await page.selectOption(`#move #f-${field}`, "low");
  await page.fill("#move #f-assessment", "None is touched");
  await page.fill("#move #f-backout_plan", "Put the old disks back");
  await page.fill("#move #f-planned_start", `${day} 20:00`);
  await page.fill("#move #f-planned_end", `${day} 22:00`);
});

const unread = async (page) => Number.parseInt(await page.textContent("#bell-count"), 10) || 0;

for (const language of ["en", "zh"]) {
  const zh = language === "zh";

  await journey(`${language}: a change is approved by another, and each sees what the other does`, () =>
    together({ language, as: MANAGER }, { language, as: APPROVER }, async (one, other) => {
      const number = await prepare(one, zh ? "更换存储硬盘" : "Replace the disks");
      await other.goto(`${BASE}/change/${number}`);
      for (const page of [one, other]) await page.evaluate(() => { globalThis.kept = true; });
      const before = await unread(other);
      await ask(one, quiet());
      await other.waitForSelector(".approve button[value=approve]");
      await other.waitForFunction((count) => Number.parseInt(document.querySelector("#bell-count").textContent, 10) > count, before);
      demand((await one.locator(".approve button[value=approve]").count()) === 0, "nobody approves a change of their own");
      demand((await one.locator(".moves [aria-disabled]").count()) > 0, "the step waits for the approval");
      await other.fill(".approve input[name=note]", zh ? "同意" : "Fine with me");
      await other.locator(".approve button[value=approve]").click();
      await one.waitForSelector(".moves a[href*='move=authorize#']");
      await step(one, "authorize");
      await other.waitForFunction((state) => document.querySelector(".path .now")?.textContent === state, zh ? "已排期" : "Scheduled");
      demand(await other.evaluate(() => globalThis.kept), "the page was not loaded anew");
      await other.goto(`${BASE}/notifications`);
      demand((await other.textContent("ol.notices")).includes(number), "the notification names the change");
    }));

  await journey(`${language}: many are closed at once; what is refused is said beforehand`, () => walk({ language }, async (page) => {
    const open = await report(page, "Still open");
    const done = await report(page, "Done with");
    await resolve(page);
    await page.goto(`${BASE}/incident?sort=-number`);
    for (const number of [open, done]) await page.check(`input[name=choose][value=${number}]`);
    await page.selectOption("form.bulk select", "close");
    await page.locator("form.bulk button[type=submit]").click();
    await page.waitForSelector("#refused");
    const [said] = await texts(page, ".page-head p");
    demand(said === (zh ? "所选 2 条记录中有 1 条可以执行。" : "1 of 2 records can take this step."), said);
    const [refused] = await texts(page, "section[aria-labelledby=refused] li");
    demand(refused.startsWith(open) && refused.length > open.length + 5, `the refused one has its reason: ${refused}`);
    await page.locator("form.form button.btn-solid").click();
    await page.waitForSelector("#done");
    const closed = await texts(page, "section[aria-labelledby=done] li");
    demand(closed.length === 1 && closed[0].startsWith(done), `one is closed: ${closed}`);
    await page.goto(`${BASE}/incident/${done}`);
    demand((await page.textContent(".path .now")) === (zh ? "已关闭" : "Closed"), "it is closed");
    await page.goto(`${BASE}/incident/${open}`);
    demand((await page.textContent(".path .now")) === (zh ? "新建" : "New"), "the other is as it was");
  }));
}

await browser.close();
end();
