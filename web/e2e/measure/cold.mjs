/** How long the console's first screens take in a browser that has never been here: a new profile each time. */
import { openBrowser, openWindow } from "../lib/browser.mjs";
import { startDemo } from "../lib/demo.mjs";
import { wordsOf } from "../lib/words.mjs";

const rounds = Number(process.env.ROUNDS ?? 7);
const t = wordsOf("zh-CN");
const demo = await startDemo({ fans: 1000 });
const taken = { login: [], home: [], customers: [] };

try {
  for (let round = 0; round < rounds; round++) {
    const browser = await openBrowser();
    const { context, page } = await openWindow(browser, { allowed: [demo.console_url] });
    await page.goto("about:blank");
    taken.login.push(await timed(() => show(page, "/login", page.getByLabel(t("session.email")))));
    await page.getByLabel(t("session.email")).fill(demo.login.email);
    await page.getByLabel(t("session.password")).fill(demo.login.password);
    await page.getByRole("button", { name: t("session.sign_in") }).click();
    await page.waitForURL((url) => url.pathname === "/");
    const state = await context.storageState();
    await context.close();
    // Signed in, and with nothing in the cache.
    for (const [name, path, shown] of [
      ["home", "/", (page) => page.getByRole("heading", { level: 1 }).first()],
      ["customers", "/customers", (page) => page.getByRole("row").nth(1)],
    ]) {
      const again = await browser.newContext({ storageState: state, locale: "zh-CN" });
      const fresh = await again.newPage();
      taken[name].push(await timed(() => show(fresh, path, shown(fresh))));
      await again.close();
    }
    await browser.close();
  }
} finally {
  await demo.stop();
}

console.log("| first screen, nothing cached | median ms | worst ms |");
console.log("| --- | ---: | ---: |");
for (const [name, times] of Object.entries(taken)) {
  times.sort((one, other) => one - other);
  console.log(`| ${name} | ${times[Math.floor(times.length / 2)].toFixed(0)} | ${times.at(-1).toFixed(0)} |`);
}

async function show(page, path, sign) {
  await page.goto(`${demo.console_url}${path}`, { waitUntil: "commit" });
  await sign.waitFor();
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
