/** Files for answers: one in use says what needs it, one that is not goes and can be had back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openWindow } from "../lib/browser.mjs";
import { api } from "../lib/demo.mjs";
import { browser, demo, opening } from "../lib/opening.mjs";
import { wordsOf } from "../lib/words.mjs";

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==",
  "base64",
);

opening({ fans: 10 });

async function upload(name) {
  const form = new FormData();
  form.set("kind", "image");
  form.set("file", new Blob([pixel], { type: "image/png" }), name);
  const response = await fetch(`${demo.console_url}/api/v1/media`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.api_key}` },
    body: form,
  });
  assert.equal(response.status, 201);
  return await response.json();
}

test("a file is deleted with a way back, unless a rule needs it", async () => {
  const t = wordsOf("zh-CN");
  const account = (await api(demo, "GET", "/accounts")).body.items[0];
  const used = await upload("used.png");
  await upload("spare.png");
  await api(demo, "POST", `/accounts/${account.id}/replies`, {
    name: "Shop front",
    trigger: { kind: "keyword", match: "exact", words: ["shop"] },
    answers: [{ type: "image", media_id: used.id }],
  });
  const { context, page, complaints } = await openWindow(browser, { allowed: [demo.console_url] });
  await page.goto(`${demo.console_url}/login`);
  await page.getByLabel(t("session.email")).fill(demo.login.email);
  await page.getByLabel(t("session.password")).fill(demo.login.password);
  await page.getByRole("button", { name: t("session.sign_in") }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(`${demo.console_url}/replies?account=${account.id}&rule=new-keyword`);
  await page.getByRole("button", { name: t("messages.image"), exact: true }).click();

  const file = (name) => page.getByRole("listitem").filter({ hasText: name });
  const remove = async (name) => {
    await file(name).hover();
    await page.getByRole("button", { name: t("media.delete").replace("{{name}}", name) }).click();
  };
  await remove("used.png");
  await page.getByRole("link", { name: "Shop front" }).waitFor();
  await file("used.png").first().waitFor();

  await remove("spare.png");
  await file("spare.png").waitFor({ state: "detached" });
  await page.getByRole("button", { name: t("app.undo") }).click();
  await file("spare.png").waitFor();
  const kept = (await api(demo, "GET", "/media")).body.items.map((one) => one.file_name);
  assert.deepEqual(kept.sort(), ["spare.png", "used.png"]);
  assert.deepEqual(complaints(), []);
  await context.close();
});
