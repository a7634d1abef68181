// Two people whose pages come from different processes over the same PostgreSQL: what one does, the other sees, without a
// reload (a mark that a reload would wipe out is looked for at the end). Whoever is in at one process is in at the other.

import { demand, end, journey } from "./person.mjs";
import { browser, report, step, texts, together } from "./way.mjs";

const { MANAGER, OTHER } = process.env;

for (const language of ["en", "zh"]) {
  const zh = language === "zh";

  await journey(`${language}: what one does at one process is seen at the other`, () =>
    together({ language }, { language, as: MANAGER }, async (one, other) => {
      await other.goto(`${OTHER}/incident`);
      await other.evaluate(() => { globalThis.kept = true; });
      const summary = zh ? "三楼网络中断" : "The network of floor 3 is down";
      const number = await report(one, summary);
      await other.waitForSelector(`tr[data-row]:has-text("${number}")`);
      demand(await other.evaluate(() => globalThis.kept), "the list was not loaded anew");

      await other.goto(`${OTHER}/incident/${number}`);
      for (const page of [one, other]) await page.evaluate(() => { globalThis.kept = true; });
      for (const page of [one, other]) await page.waitForSelector("#here .face-i");
      await step(other, "take", () => other.selectOption("#move #f-assigned_team", { index: 1 }));
      const state = await other.textContent(".path .now");
      await one.waitForFunction((wanted) => document.querySelector(".path .now")?.textContent === wanted, state);
      await one.fill("#note", zh ? "已派人 **前往**" : "Somebody is **on the way**");
      await one.keyboard.press("Control+Enter");
      await other.waitForSelector("li .note strong");
      const [said] = await texts(other, "li .note strong");
      demand(said === (zh ? "前往" : "on the way"), said);
      for (const page of [one, other]) demand(await page.evaluate(() => globalThis.kept), "no page was loaded anew");
    }));
}

await browser.close();
end();
