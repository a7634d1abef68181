// From an empty folder to the first incident: the address that the server printed, the first administrator, a report.
// WELCOME is that address; there is one first day a server, so LANGUAGE says which language it is walked in.

import { BASE, PASSWORD, demand, end, journey, start, window } from "./person.mjs";

const { WELCOME, LANGUAGE } = process.env;
const zh = LANGUAGE === "zh";
const browser = await start();

await journey(`${LANGUAGE}: from the first start to the first incident`, async () => {
  const { context, page, complaints } = await window(browser, { language: LANGUAGE });
  await page.goto(`${BASE}/`);
  await page.waitForURL(/\/(login|welcome)/);
  await page.goto(WELCOME);
  await page.fill("#name", zh ? "安娜" : "Anna Bergman");
  await page.fill("#login", "anna.bergman");
  await page.fill("#password", "short");
  await page.fill("#again", "short");
  await page.selectOption("#language", LANGUAGE);
  await page.locator("button.btn-solid").click();
  await page.waitForSelector("#password[aria-invalid=true]");
  await page.fill("#password", PASSWORD);
  await page.fill("#again", PASSWORD);
  await page.locator("button.btn-solid").click();
  await page.waitForSelector(".shell");
  demand((await page.getAttribute("html", "lang")) === (zh ? "zh-Hans" : "en"), "the language is that which was chosen");
  await page.locator(".side a[href$='/incident']").click();
  await page.waitForURL(`${BASE}/incident`);
  demand((await page.locator("tr[data-row]").count()) === 0, "there is nothing yet");
  await page.locator("main a[href$='/incident/new']").first().click();
  await page.waitForSelector("#f-summary");
  await page.fill("#f-summary", zh ? "三楼打印机离线" : "Printer on floor 3 is offline");
  await page.selectOption("#f-channel", "phone");
  await page.locator("#new button.btn-solid").click();
  await page.waitForURL(/\/incident\/INC-000001$/);
  demand((await page.textContent("h1")).includes(zh ? "打印机" : "Printer"), "the first incident");
  await page.goto(WELCOME);
  // There is such a page only as long as nobody has an account.
  await page.waitForURL((url) => url.pathname !== "/welcome");
  demand(complaints.length === 0, complaints.join("; "));
  await context.close();
});

await browser.close();
end();
