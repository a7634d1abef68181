// People sign in by a provider of OpenID Connect and by a directory. The provider is npm's `oidc-provider`, in this very
// process; who is in which group is changed between two logins.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { ADMINISTRATOR, AGENT, BASE, PASSWORD, demand, end, journey, start, window } from "./person.mjs";

const { ISSUER, SECRET, DIRECTORY, LIN, OTHER, MODULES } = process.env;
const library = path.join(MODULES, "oidc-provider/lib/index.js");
const { Provider } = await import(pathToFileURL(library));

const groups = { nina: ["desk"], boss: ["heads"], [AGENT]: ["desk"] };

const provider = new Provider(ISSUER, {
  clients: [{
    client_id: "evenkeel",
    client_secret: SECRET,
    redirect_uris: ["work", "strict"].map((name) => `${BASE}/login/with/${name}/back`),
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "locale"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  cookies: { keys: ["for this rig only"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id, preferred_username: id, name: `${id} at work`, locale: "zh-CN", groups: groups[id] ?? [],
      email: `${id}@work.example`, email_verified: true,
    }),
  }),
});
const { hostname, port } = new URL(ISSUER);
const elsewhere = provider.listen(Number(port), hostname);

const browser = await start();

async function people(walk, options = {}) {
  const { context, page, complaints } = await window(browser, options);
  // The provider's own pages ask a third house for letters.
  await context.route((url) => ![new URL(BASE).host, new URL(ISSUER).host].includes(url.host), (route) => route.abort());
  try {
    await walk(page, context);
    const ours = complaints.filter((one) => !one.includes("ERR_FAILED"));
    demand(ours.length === 0, ours.join("; "));
  } finally {
    await context.close();
  }
}

/** Through the provider's pages: who somebody is, and that we may know. */
async function vouch(page, name) {
  await page.fill("input[name=login]", name);
  await page.fill("input[name=password]", "anything");
  await page.click("button[type=submit]");
  await page.click("button[type=submit]");
}

async function roles(page) {
  const facts = await page.request.get(`${BASE}/api/v1/me`);
  return (await facts.json()).roles.map((role) => role.name ?? role).sort().join(" ");
}

await journey("a new person comes in by the provider and goes where they wanted", () => people(async (page) => {
  await page.goto(`${BASE}/incident`);
  demand(new URL(page.url()).pathname === "/login", "the door first");
  await page.click("text=Sign in with Work");
  await vouch(page, "nina");
  await page.waitForSelector(".shell");
  demand(new URL(page.url()).pathname === "/incident", page.url());
  demand((await roles(page)) === "service_desk_agent", await roles(page));
  demand((await page.getAttribute("html", "lang")) === "zh-Hans", "the language that the provider tells");
  demand((await page.textContent(".side-foot")).includes("nina at work"), "the name that the provider tells");
}));

await journey("the second time she is known, and her roles follow her groups", () => people(async (page) => {
  groups.nina = ["heads"];
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, "nina");
  await page.waitForSelector(".shell");
  demand((await roles(page)) === "service_desk_agent service_level_manager", await roles(page));
}));

await journey("whoever is taken out of all groups has no role left", () => people(async (page) => {
  groups.nina = [];
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, "nina");
  await page.waitForSelector(".shell");
  demand((await roles(page)) === "", await roles(page));
}));

await journey("whoever is a person here already becomes no second one", () => people(async (page) => {
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, "wanda");
  await page.waitForSelector(".shell");
  demand((await page.textContent(".side-foot")).includes("Wanda Known"), "the name that stands in the record");
}));

async function enter(page, name, password) {
  await page.goto(`${BASE}/login`);
  await page.fill("#login", name);
  await page.fill("#password", password);
  await page.click("button.btn-solid");
}

await journey("a login of the house does not make its account theirs who have it elsewhere", () => people(async (page) => {
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, ADMINISTRATOR);
  await page.waitForSelector(".notice.is-bad");
  demand((await page.textContent(".notice.is-bad")).includes("is not bound to you"), "why");
}));

await journey("its holder connects it, and it keeps the roles that were given by hand", () => people(async (page, context) => {
  await enter(page, ADMINISTRATOR, PASSWORD);
  await page.waitForSelector(".shell");
  await page.goto(`${BASE}/me`);
  await page.click("text=Sign-in services");
  await page.fill("#old", PASSWORD);
  await page.click("text=Connect with Work");
  await page.click("text=Go on to Work");
  await vouch(page, "boss");
  await page.waitForURL("**/me/services");
  demand((await page.textContent("main dl.facts")).includes("Work"), "the service is connected");
  await context.clearCookies();
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, "boss");
  await page.waitForSelector(".shell");
  const held = await roles(page);
  demand(held === "administrator service_desk_agent service_level_manager", held);
  await page.goto(`${BASE}/admin/logins`);
  const told = await page.textContent("main table");
  demand(told.includes("Signed in by another service"), told);
}));

await journey("an administrator lets an account be connected, once", () => people(async (page, context) => {
  await enter(page, ADMINISTRATOR, PASSWORD);
  await page.waitForSelector(".shell");
  await page.goto(`${BASE}/admin/accounts`);
  await page.click(`main >> text=${AGENT}`);
  await page.click("button:has-text('Let it be connected')");
  await page.waitForSelector("dt:has-text('May be connected')");
  await context.clearCookies();
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, AGENT);
  await page.waitForSelector(".shell");
  demand((await roles(page)) === "service_desk_agent", await roles(page));
}));

await journey("whoever says no at the provider is told so", () => people(async (page) => {
  await page.goto(`${BASE}/login?to=%2Fme`);
  await page.click("text=Sign in with Work");
  await page.click("text=Cancel");
  await page.waitForSelector(".notice.is-bad");
  demand((await page.textContent(".notice.is-bad")).includes("access_denied"), "the reason");
  await page.click("text=To sign in");
  await page.waitForURL("**/login?to=%2Fme");
}));

await journey("where the house makes no accounts a stranger is refused", () => people(async (page) => {
  await page.goto(`${BASE}/login`);
  await page.click("text=使用strict登录");
  await vouch(page, "stranger");
  await page.waitForSelector(".notice.is-bad");
  demand((await page.textContent(".notice.is-bad")).includes("stranger"), "whom it is about");
}, { language: "zh" }));

await journey("the address that led in leads nobody else in", () => people(async (page, context) => {
  let back = "";
  page.on("request", (request) => { if (request.url().includes("/back?")) back = request.url(); });
  await page.goto(`${BASE}/login`);
  await page.click("text=Sign in with Work");
  await vouch(page, "nina");
  await page.waitForSelector(".shell");
  await context.clearCookies();
  await page.goto(back);
  demand((await page.textContent(".notice.is-bad")).includes("begun in another browser"), "the state is of that browser");
  // With a state of one's own the code is good for nothing, because it was given to another.
  const begun = await page.request.get(`${BASE}/login/with/work`, { maxRedirects: 0 });
  const stolen = new URL(back);
  stolen.searchParams.set("state", new URL(begun.headers().location).searchParams.get("state"));
  await page.goto(stolen.href);
  demand((await page.textContent(".notice.is-bad")).includes("could not be accepted"), "the code is of another");
}));

if (DIRECTORY) {
  await journey("a password of the directory leads in, with roles from its groups", () => people(async (page) => {
    await enter(page, "lin.yu", LIN);
    await page.waitForSelector(".shell");
    demand((await roles(page)) === "service_desk_agent", await roles(page));
    demand((await page.textContent(".side-foot")).includes("林雨"), "the name of the directory");
  }));
  await journey("a wrong password, a star and a bracket lead nowhere", () => people(async (page) => {
    for (const [name, password] of [
      ["lin.yu", "wrong"], ["*", LIN], ["lin*", LIN], ["lin.yu)(uid=*", LIN], ["searcher", "wrong"],
    ]) {
      await enter(page, name, password);
      const said = await page.textContent(".notice.is-bad");
      demand(said.includes("Name or password is wrong"), `${name}: ${said}`);
    }
    await enter(page, "otto*", "a star in the directory");
    await page.waitForSelector(".shell");
  }));
  await journey("a password of the house goes before the directory", () => people(async (page) => {
    for (const name of [ADMINISTRATOR, ADMINISTRATOR.toUpperCase()]) {
      await enter(page, name, OTHER);
      const said = await page.textContent(".notice.is-bad");
      demand(said.includes("Name or password is wrong"), `${name}: ${said}`);
    }
    await enter(page, ADMINISTRATOR, PASSWORD);
    await page.waitForSelector(".shell");
  }));
  await journey("the directory is asked again before something that opens a way in", () => people(async (page) => {
    await enter(page, "lin.yu", LIN);
    await page.waitForSelector(".shell");
    await page.goto(`${BASE}/me/tokens`);
    await page.fill("#name", "reports");
    await page.fill("#old", LIN);
    await page.click("button.btn-solid");
    await page.waitForSelector(".secret-text");
  }));
}

await browser.close();
elsewhere.close();
elsewhere.closeAllConnections();
end();
