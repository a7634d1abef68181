// The pictures of the documentation, fresh from the program.

import path from "node:path";
import { AGENT, BASE, end, journey, login, start, window } from "./person.mjs";

const PICTURES = [
  ["list", "/incident", {}],
  ["list.dark", "/incident", { theme: "dark" }],
  ["list.zh", "/incident", { language: "zh" }],
  ["record", "RECORD", {}],
  ["record.zh", "RECORD", { language: "zh" }],
  ["record.mobile", "RECORD", { width: 390, height: 844 }],
  ["create", "/incident/new", {}],
  ["home", "/", {}],
];

const browser = await start();
for (const [name, at, options] of PICTURES) {
  await journey(name, async () => {
    const { context, page } = await window(browser, options);
    await login(page, AGENT);
    await page.goto(`${BASE}/incident?where=${encodeURIComponent("state == 'active' and assignee is set")}`);
    const record = await page.locator("tr[data-row] .title a").first().getAttribute("href");
    await page.goto(BASE + at.replace("RECORD", record));
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: path.join(process.env.PICTURES, `${name}.png`) });
    await context.close();
  });
}
await browser.close();
end();
