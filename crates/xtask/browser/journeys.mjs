// Ways of people through the pages, in both languages. Each has a window of its own and makes what it needs.

import { ADMINISTRATOR, BASE, demand, end, journey, login, start, window } from "./person.mjs";

const browser = await start();

/** Walks in a new window as the agent; nothing may be complained of on the way. */
async function walk(options, way) {
  const { context, page, complaints } = await window(browser, options);
  try {
    await login(page, options.as);
    await way(page, context);
    demand(complaints.length === 0, complaints.join("; "));
  } catch (error) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${Date.now()}.png` });
    throw new Error(`${error.message.split("\n")[0]} at ${page.url()}`);
  } finally {
    await context.close();
  }
}

/** A new incident by its form; its number. */
async function report(page, summary) {
  await page.goto(`${BASE}/incident/new`);
  await page.fill("#f-summary", summary);
  await page.selectOption("#f-channel", "phone");
  await page.locator("#new button[type=submit]").click();
  await page.waitForURL(/INC-\d+$/);
  return page.url().split("/").pop();
}

for (const language of ["en", "zh"]) {
  await journey(`${language}: a wrong password is refused, the right one leads on`, async () => {
    const { context, page } = await window(browser, { language });
    await page.goto(`${BASE}/incident?list=mine`);
    await page.fill("#login", "agent");
    await page.fill("#password", "not the right one");
    await page.click("button.btn-solid");
    const said = await page.textContent(".notice.is-bad");
    demand(said.includes(language === "zh" ? "账号或密码有误" : "Name or password is wrong"), said);
    await context.close();
  });

  await journey(`${language}: an incident from report to resolution by keyboard alone`, () => walk({ language }, async (page) => {
    await page.keyboard.press("c");
    demand(page.url() === `${BASE}/`, "c does nothing where nothing can be made");
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.waitForURL(`${BASE}/incident`);
    await page.waitForSelector("table.table");
    await page.keyboard.press("c");
    await page.waitForSelector("#f-summary");
    await page.focus("#f-summary");
    await page.keyboard.type(language === "zh" ? "三楼打印机离线" : "Printer on floor 3 is offline");
    await page.focus("#f-channel");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/INC-\d+$/);
    await page.waitForSelector(".toast");
    await page.keyboard.press("n");
    await page.keyboard.type("Rang the branch: **paper** is stuck");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("li .note strong");
    await page.keyboard.press("Escape");
    await page.keyboard.press("w");
    await page.keyboard.press("r");
    await page.waitForSelector("#move");
    await page.focus("#move button[type=submit]");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#move [aria-invalid=true], .notice.is-bad");
    demand(await page.locator("#move").isVisible(), "the form is still there");
  }));

  await journey(`${language}: a field is changed in place and the change is told`, () => walk({ language }, async (page) => {
    await report(page, "Slow sign-in");
    await page.hover("#v-impact");
    await page.locator("#v-impact .edit").click();
    await page.waitForSelector("#s-classification form");
    await page.selectOption("#f-impact", "high");
    await page.selectOption("#f-urgency", "high");
    await page.locator("#s-classification button[type=submit]").click();
    await page.waitForSelector("#s-classification dl");
    const rank = await page.getAttribute("#v-priority .prio", "data-is");
    demand(rank === "1", `priority follows impact and urgency: ${rank}`);
  }));

  await journey(`${language}: an overlay field is added in the browser, used, and taken back`, () => walk({ language, as: ADMINISTRATOR }, async (page) => {
    const name = `branch_${language}`;
    const label = language === "zh" ? "网点代码" : "Branch code";
    await page.locator(".side a[href$='/administration/definitions']").click();
    await page.waitForSelector("#versions");
    const before = (await page.locator("#versions >> xpath=ancestor::section >> css=tbody th").first().textContent()).trim();
    await page.locator("a[href$='/administration/definitions/incident']").first().click();
    await page.waitForSelector("svg.diagram");
    await page.locator("a[href$='edit?what=rule']").click();
    await page.locator("#f-holds").pressSequentially("impact is set and urgncy is set");
    await page.waitForSelector("#checked-holds pre.excerpt");
    const slip = await page.textContent("#checked-holds");
    demand(slip.includes(language === "zh" ? "第 1 行第 19 列" : "line 1, column 19"), slip);
    await page.goto(`${BASE}/administration/definitions/incident/edit?what=field`);
    await page.fill("#f-name", name);
    await page.fill("#f-en", "Branch code");
    await page.fill("#f-zh", "网点代码");
    await page.selectOption("#f-section", "report");
    await page.fill("#f-overlay", `${name}.toml`);
    await page.locator("main form.form button.btn-solid").click();
    await page.waitForSelector("#plan");
    const plan = await page.textContent("main");
    demand(plan.includes(`incident.${name}`) && plan.includes(`[add.field.${name}]`), "diff and plan");
    await page.locator("button[value=save]").click();
    await page.waitForSelector(".toast");
    await page.waitForSelector("#versions");
    const agent = await window(browser, { language });
    await login(agent.page);
    await agent.page.goto(`${BASE}/incident/new`);
    demand((await agent.page.textContent(`label[for=f-${name}]`)).includes(label), "the field is in the form");
    await page.locator(`a[href$='/administration/versions/${before}']`).click();
    await page.waitForSelector(".diff .gone");
    await page.locator("main form.form button.btn-solid").click();
    await page.waitForSelector("#versions");
    await agent.page.goto(`${BASE}/incident/new`);
    demand((await agent.page.locator(`#f-${name}`).count()) === 0, "the field is gone from the form");
    await agent.context.close();
  }));
}

await journey("a filter is built, a record looked at beside the list, many stepped at once", () => walk({}, async (page) => {
  const numbers = [await report(page, "Tills of branch 12 offline"), await report(page, "Tills of branch 13 offline")];
  await page.goto(`${BASE}/incident`);
  await page.keyboard.press("f");
  await page.selectOption(".condition select[name=on]", "state");
  await page.waitForSelector(".condition select[name=value]");
  await page.selectOption(".condition select[name=value]", "new");
  await page.locator(".condition button[type=submit]").click();
  await page.waitForSelector(".token");
  await page.locator("tr[data-row] td.id").first().click();
  await page.waitForSelector("section.preview h2");
  for (const number of numbers) await page.check(`input[name=choose][value=${number}]`);
  await page.selectOption("form.bulk select", "cancel");
  await page.locator("form.bulk button[type=submit]").click();
  await page.waitForSelector("#f-note");
  await page.fill("#f-note", "Reported twice");
  await page.locator("form.form button[type=submit]").click();
  const said = await page.textContent("[role=status] >> nth=0");
  await page.waitForSelector("#done");
  demand((await page.locator("section[aria-labelledby=done] li").count()) === 2, `two are done: ${said}`);
}));

await journey("a stale edit keeps what was typed and tells what changed", () => walk({}, async (page, context) => {
  const number = await report(page, "Two at once");
  const other = await context.newPage();
  for (const one of [page, other]) {
    await one.goto(`${BASE}/incident/${number}?edit=report`);
    await one.waitForSelector("#f-summary");
  }
  await other.fill("#f-summary", "Changed by the other");
  await other.locator("#s-report button[type=submit]").click();
  await other.waitForSelector(".toast");
  await page.fill("#f-summary", "Typed by the first");
  await page.locator("#s-report button[type=submit]").click();
  await page.waitForSelector("#s-report .error");
  demand((await page.inputValue("#f-summary")) === "Typed by the first", "the text is kept");
}));

await journey("a record is read as it stood, and nothing can be done with it then", () => walk({}, async (page) => {
  const number = await report(page, "Once upon a time");
  const then = new Date().toISOString();
  await page.fill("#note", "Later");
  await page.locator(".compose button[type=submit]").click();
  await page.waitForSelector("li .note");
  await page.goto(`${BASE}/incident/${number}?as_of=${encodeURIComponent(then)}`);
  await page.waitForSelector(".past-bar");
  for (const closed of [".moves", ".compose", ".add-link", ".edit"]) {
    demand((await page.locator(closed).count()) === 0, `${closed} is closed`);
  }
}));

await journey("zh: search finds Chinese words, and a number jumps", () => walk({ language: "zh" }, async (page) => {
  const number = await report(page, "核心交换机端口异常告警");
  await page.keyboard.press("/");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.type("交换机端口");
  await page.waitForSelector("#found a");
  demand((await page.textContent("#found")).includes(number), "found by its words");
  await page.goto(`${BASE}/search?q=${number}`);
  demand(page.url().endsWith(`/incident/${number}`), page.url());
}));

await journey("a report from a telephone", () => walk({ width: 390, height: 844 }, async (page) => {
  await report(page, "From the train");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  demand(!wide, "no sideways scroll");
}));

await journey("a file is added, and is served to be saved only", () => walk({}, async (page) => {
  await report(page, "With a file");
  await page.setInputFiles("[data-upload] input", { name: "trace.html", mimeType: "text/html", buffer: Buffer.from("<script>alert(1)</script>") });
  await page.waitForSelector("a.file");
  const address = await page.getAttribute("a.file", "href");
  const answer = await page.request.get(`${BASE}${address}`);
  demand(/^attachment/.test(answer.headers()["content-disposition"]), "served as an attachment");
}));

await journey("the theme is kept in this browser, the language by the person", () => walk({ as: ADMINISTRATOR }, async (page) => {
  await page.locator(".side-foot form").nth(0).locator("button").click();
  await page.waitForSelector("html[data-theme=dark]");
  await page.locator(".side-foot form").nth(1).locator("button").click();
  await page.waitForSelector("html[lang=zh-Hans]");
  await page.locator(".side-foot form").nth(1).locator("button").click();
  await page.waitForSelector("html[lang=en]");
}));

await browser.close();
end();
