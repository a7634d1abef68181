// The pictures of the documentation, fresh from the program, as WebP: they show what the demo shows. Where LOOK names the
// folder of the visual target, its pages are drawn beside those of the product for docs/look.md. ONLY=TEXT: those whose name holds it.

import { createReadStream, existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { BASE, demand, end, journey, login, start, window } from "./person.mjs";

const { LOOK, ONLY = "", PICTURES } = process.env;
// The largest that a picture may be.
const MOST = 120_000;

// An active incident that somebody works on, a change that waits for its approval; the newest of its kind.
const INCIDENT = { of: "/incident?where=" + encodeURIComponent("state == 'active' and assignee is set") };
const CHANGE = { of: "/change?where=" + encodeURIComponent("state == 'authorization'") };
const mobile = { width: 390, height: 844 };
const zh = { language: "zh" };

// Name, login, address (or of which list the first), the window.
const PRODUCT = [
  ["list", "agent", "/incident", {}],
  ["list.dark", "agent", "/incident", { theme: "dark" }],
  ["list.zh", "agent", "/incident", zh],
  ["record", "agent", INCIDENT, {}],
  ["record.zh", "agent", INCIDENT, zh],
  ["record.mobile", "agent", INCIDENT, mobile],
  ["create", "agent", "/incident/new", {}],
  ["home", "agent", "/", {}],
  ["home.zh", "agent", "/", zh],
  ["login", null, "/login", {}],
  ["login.zh", null, "/login", zh],
  ["calendar", "approver", "/changes/calendar", {}],
  ["chart", "manager", "/incidents/figures", {}],
  ["graph", "agent", "/configuration/graph", {}],
  ["definition", "administrator", "/administration/definitions/change", {}],
  ["portal", "requester", "/", {}],
  // First days.
  ["lead.board", "manager", "/incidents/board", {}],
  ["lead.board.zh", "manager", "/incidents/board", zh],
  ["approver.change", "approver", CHANGE, {}],
  ["approver.change.zh", "approver", CHANGE, zh],
  ["requester.new", "requester", "/incident/new", {}],
  ["requester.new.zh", "requester", "/incident/new", zh],
  ["owner.service", "requester", "/service", {}],
  ["auditor.list", "auditor", "/change?where=" + encodeURIComponent("state == 'closed'"), {}],
  ["auditor.list.zh", "auditor", "/change?where=" + encodeURIComponent("state == 'closed'"), zh],
  ["administrator.accounts", "administrator", "/admin/accounts", {}],
  ["administrator.accounts.zh", "administrator", "/admin/accounts", zh],
];
const TARGET = ["calendar", "chart", "clause", "conformity", "conformity.zh", "create", "definition", "graph", "home", "home.zh",
  "list", "list.zh", "login", "portal", "record", "record.zh", "style"];

const browser = await start();

/** Draws what the window shows into a file, as fine as its size allows. */
async function draw(page, file) {
  await mkdir(path.dirname(file), { recursive: true });
  const session = await page.context().newCDPSession(page);
  for (const quality of [80, 65, 50, 35]) {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
    const picture = Buffer.from(data, "base64");
    if (picture.length > MOST) continue;
    await writeFile(file, picture);
    return;
  }
  demand(false, `${file} is larger than ${MOST} bytes`);
}

async function address(page, at) {
  if (!at.of) return at;
  await page.goto(BASE + at.of);
  return page.locator("tr[data-row] .title a").first().getAttribute("href");
}

for (const [name, login_as, at, options] of PRODUCT.filter(([name]) => name.includes(ONLY))) {
  await journey(name, async () => {
    const { context, page } = await window(browser, options);
    if (login_as) await login(page, login_as);
    await page.goto(BASE + await address(page, at));
    // The live stream stays open: what else is under way is waited for.
    await page.waitForLoadState("load");
    await page.waitForTimeout(500);
    await draw(page, path.join(PICTURES, `${name}.webp`));
    await context.close();
  });
}

/** The target's own files, served as a page needs them. */
function serve(folder) {
  const media = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
  const server = createServer((request, answer) => {
    const file = path.join(folder, path.normalize(new URL(request.url, "http://look").pathname));
    if (!existsSync(file)) { answer.writeHead(404).end(); return; }
    answer.writeHead(200, { "content-type": media[path.extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(answer);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

if (LOOK) {
  const server = await serve(LOOK);
  for (const name of TARGET.filter((name) => name.includes(ONLY))) {
    await journey(`the target's ${name}`, async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/${name}.html`);
      await page.waitForTimeout(300);
      await draw(page, path.join(PICTURES, "target", `${name}.webp`));
      await context.close();
    });
  }
  server.close();
}

await browser.close();
end();
