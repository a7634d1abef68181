// Ways of people through the pages, in both languages. Each has a window of its own and makes what it needs.

import { ADMINISTRATOR, BASE, demand, end, journey, login, window } from "./person.mjs";
import { browser, report, tab, texts, walk } from "./way.mjs";

/** The key that the page gives to a step. */
const letter = (page, step) => page.getAttribute(`.moves a[href*='move=${step}#']`, "data-move");

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

  await journey(`${language}: an incident from report to closure by keyboard alone`, () => walk({ language }, async (page) => {
    await page.keyboard.press("c");
    demand(page.url() === `${BASE}/`, "c does nothing where nothing can be made");
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.waitForURL(`${BASE}/incident`);
    await page.waitForSelector("table.table");
    await page.keyboard.press("c");
    await page.waitForSelector("#f-summary");
    await tab(page, "#f-summary");
    await page.keyboard.type(language === "zh" ? "三楼打印机离线" : "Printer on floor 3 is offline");
    await tab(page, "#f-channel");
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
    await page.keyboard.press(await letter(page, "resolve"));
    await page.waitForSelector("#move");
    await tab(page, "#move button[type=submit]");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#move [aria-invalid=true]");
    for (const field of ["service", "category", "close_code"]) {
      await tab(page, `#move #f-${field}`);
      await page.keyboard.press("ArrowDown");
    }
    await tab(page, "#move #f-resolution");
    await page.keyboard.type("A new roll");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#move", { state: "detached" });
    await page.keyboard.press("w");
    await page.keyboard.press(await letter(page, "close"));
    await page.waitForSelector("#move");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#move", { state: "detached" });
    const state = await page.textContent(".path .now");
    demand(state === (language === "zh" ? "已关闭" : "Closed"), `the incident is closed: ${state}`);
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

for (const language of ["en", "zh"]) await journey(`${language}: a stale edit keeps what was typed and tells what changed`, () => walk({ language }, async (page, context) => {
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

for (const language of ["en", "zh"]) await journey(`${language}: a record is read as it stood, and nothing can be done with it then`, () => walk({ language }, async (page) => {
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

for (const language of ["en", "zh"]) await journey(`${language}: a report from a telephone`, () => walk({ language, width: 390, height: 844 }, async (page) => {
  await report(page, language === "zh" ? "高铁上无法登录" : "From the train");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  demand(!wide, "no sideways scroll");
}));

for (const language of ["en", "zh"]) await journey(`${language}: a record is printed`, () => walk({ language }, async (page) => {
  const number = await report(page, language === "zh" ? "打印机卡纸" : "Paper is stuck");
  await page.emulateMedia({ media: "print" });
  for (const screen of [".side", ".bar", ".moves", ".compose", ".edit"]) {
    for (const part of await page.locator(screen).all()) demand(!(await part.isVisible()), `${screen} is not on paper`);
  }
  demand(await page.getByText(number, { exact: true }).locator("visible=true").first().isVisible(), "the number is on paper");
  const [foot] = await texts(page, ".print-foot");
  demand(foot.includes(number), `the foot names the record: ${foot}`);
  const paper = await page.pdf({ preferCSSPageSize: true });
  const sheets = paper.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  demand(paper.subarray(0, 5).toString() === "%PDF-" && paper.length > 8_000, `${paper.length} bytes of a PDF`);
  demand(sheets >= 1 && sheets <= 3, `${sheets} sheets of paper`);
}));

await journey("a file is added, and is served to be saved only", () => walk({}, async (page) => {
  await report(page, "With a file");
  await page.setInputFiles("[data-upload] input", { name: "trace.html", mimeType: "text/html", buffer: Buffer.from("<script>alert(1)</script>") });
  await page.waitForSelector("a.file");
  const address = await page.getAttribute("a.file", "href");
  const answer = await page.request.get(`${BASE}${address}`);
  demand(/^attachment/.test(answer.headers()["content-disposition"]), "served as an attachment");
}));

for (const language of ["en", "zh"]) await journey(`${language}: a table is imported and taken back`, () => walk({ as: ADMINISTRATOR, language }, async (page) => {
  const [code, kind] = [`TRIAL-${language}`, language === "zh" ? "宫殿" : "Palace"];
  const table = `Code,Name,Kind\n${code}-1,Tower of trials,building\n${code}-2,Another,${kind}\n`;
  await page.goto(`${BASE}/admin/import`);
  await page.selectOption("select[name=record_type]", "location");
  await page.setInputFiles("input[type=file]", { name: "places.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await page.locator("form:has(input[type=file]) button.btn-solid").click();
  await page.waitForURL(/\/mapping$/);
  await page.check("input[name='key.0']");
  // What is no choice is translated where it stands.
  await page.getByLabel(kind).selectOption("building");
  await page.locator("button[value=check]").click();
  await page.locator("form[action$='/run'] button").click();
  await page.locator("a[href$='/undo']").click();
  await page.locator("form[action$='/undo'] button").click();
  await page.getByText(language === "zh" ? "已撤回" : "Withdrawn", { exact: true }).waitFor();
  const left = await (await page.request.get(`${BASE}/api/v1/location?q=${code}-1`)).json();
  demand(left.records.length === 0, "none is left");
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
