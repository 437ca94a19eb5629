/** Real Chromium, watched: foreign addresses, blocked content, and errors on a page fail the test. */
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Chromium may crash while it starts, which says nothing of our pages: it is started up to three times. */
export async function openBrowser(left = 2) {
  try {
    return await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  } catch (error) {
    if (left === 0) throw error;
    return await openBrowser(left - 1);
  }
}

/** A window in one language and size. `complaints()` is what went wrong in it so far. */
export async function openWindow(browser, { locale = "zh-CN", width = 1440, height = 900, allowed }) {
  const context = await browser.newContext({
    locale,
    viewport: { width, height },
    timezoneId: "Asia/Shanghai",
  });
  const complaints = [];
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if ((protocol === "http:" || protocol === "https:") && !allowed.includes(origin))
      complaints.push(`a request to ${request.url()}`);
  });
  context.on("weberror", (error) => complaints.push(`an error on the page: ${error.error().message}`));
  context.on("console", (message) => {
    const text = message.text();
    // A refused login answers 401, which Chromium tells as an error of its own.
    if (message.type() === "error" && !/status of (401|403|404|409|422)/.test(text))
      complaints.push(`the page says: ${text}`);
  });
  return { context, page: await context.newPage(), complaints: () => complaints };
}
