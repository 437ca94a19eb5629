/** What every file of tests begins with: the program, the browser, and where pictures go. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before } from "node:test";
import { openBrowser, openWindow } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { signIn } from "./session.mjs";
import { wordsOf } from "./words.mjs";

/** The folder for pictures, if somebody wants to look at them. */
export const pictures = process.env.E2E_PICTURES;
/** The program and the browser of this file, from its first test on. */
export let demo;
export let browser;

/** Opens both before the first test, then does `more`; closes them after the last. */
export function opening({ fans }, more = async () => {}) {
  before(async () => {
    demo = await startDemo({ fans });
    browser = await openBrowser();
    if (pictures) await mkdir(pictures, { recursive: true });
    await more();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });
}

/** A window of this width in which somebody has signed in, and the words of the language. */
export async function windowOf(locale, width = 1440) {
  const t = wordsOf(locale);
  const opened = await openWindow(browser, {
    locale,
    width,
    height: width < 768 ? 844 : 900,
    allowed: [demo.console_url, demo.sandbox_url],
  });
  await signIn(demo, opened.page, t, locale);
  return { t, ...opened };
}

/** Takes pictures of pages, when somebody wants to look at them: `full(name)` says of which the whole length. */
export const shooter =
  (prefix = "", full = () => false) =>
  async (page, name) => {
    if (!pictures) return;
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${pictures}/${prefix}${name}.png`, fullPage: full(name) });
  };

/** So many pixels the page is wider than its window. */
export const spill = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A picture at a telephone's width and a desk's; at neither anything spills. */
export async function shootAtWidths(page, name, widths = [390, 1440]) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
    await page.waitForTimeout(400);
    // What hung beside a button at the width before goes away in its own time.
    for (let n = 0; n < 25 && (await spill(page)) > 0; n += 1) await page.waitForTimeout(200);
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${width}.png` });
    assert.ok((await spill(page)) <= 0, `${name} spills at ${width}`);
  }
}
