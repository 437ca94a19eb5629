/** What the account answers by itself: the welcome, a keyword with a picture, a question that nobody had foreseen, and the clicks these take. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shooter } from "../lib/opening.mjs";
import { presser } from "../lib/presses.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

opening({ fans: 60 });

const shoot = shooter("replies-");

function print(task, what, pressed, most) {
  console.log(`task ${task}, ${what}: ${pressed.length} clicks (${pressed.join(", ")})`);
  assert.ok(pressed.length <= most, `${pressed.length} clicks: ${pressed.join()}`);
}

async function upload(name) {
  const form = new FormData();
  form.append("kind", "image");
  form.append("file", new Blob([png], { type: "image/png" }), name);
  const response = await fetch(`${demo.console_url}/api/v1/media`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.api_key}` },
    body: form,
  });
  assert.equal(response.status, 201);
}

for (const locale of ["zh-CN", "en-US"]) {
  test(`the welcome, a keyword with a picture, and a question that becomes a rule, ${locale}`, async () => {
    const t = wordsOf(locale);
    const zh = locale === "zh-CN";
    const account = await bindDirect(demo);
    const [openid] = await addFans(demo, account, 2);
    await importFans(demo, account);
    await upload(`price-list-${locale}.png`);
    const fan = async (path, body) =>
      await wechat(demo, "POST", `/accounts/${account.appid}/fans/${openid}/${path}?wait=true`, body);
    const rules = async () => (await api(demo, "GET", `/accounts/${account.id}/replies`)).body.items;

    const allowed = [demo.console_url];
    const { context, page, complaints } = await openWindow(browser, { locale, allowed });
    await signIn(demo, page, t, locale);
    const home = async () => {
      await page.goto(`${demo.console_url}/?account=${account.id}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
    };
    const replies = () => page.getByRole("link", { name: new RegExp(`^${t("nav.replies")}`) }).first();
    const live = () => page.getByText(t("draft.live"), { exact: true }).waitFor();

    await home();
    const three = presser();
    await three.press("Replies", replies());
    await three.press("Welcome", page.getByRole("button", { name: t("replies.write_welcome") }));
    await page.keyboard.type(zh ? "欢迎来到手艺杯子铺！" : "Welcome to the cup shop!");
    await three.press("Save", page.getByRole("button", { name: t("draft.publish") }));
    await live();
    print(3, "set the welcome message", three.pressed, 3);
    await shoot(page, `welcome-${locale}`);

    await home();
    const four = presser();
    await four.press("Replies", replies());
    await four.press("New", page.getByRole("button", { name: t("replies.add_keyword") }).first());
    const word = zh ? "价格" : "price";
    await page.keyboard.type(`${word},${zh ? "多少钱" : "how much"},`);
    await page.keyboard.press("Tab");
    const text = page.getByRole("textbox", { name: t("answers.types.text"), exact: true });
    await text.focus();
    await page.keyboard.type(zh ? "价目表在这里：" : "Here is our price list:");
    await four.press(
      "Picture",
      page.getByRole("button", { name: t("answers.types.image"), exact: true }).last(),
    );
    await four.press(
      "the picture",
      page.getByRole("button", { name: new RegExp(`price-list-${locale}`) }).first(),
    );
    await shoot(page, `keyword-${locale}`);
    await page.keyboard.press("Control+s");
    await live();
    print(4, "add a keyword with text and picture, saved by Ctrl+S", four.pressed, 4);
    const keyword = (await rules()).find((rule) => rule.trigger.kind === "keyword");
    assert.deepEqual(
      keyword.answers.map((answer) => answer.type),
      ["text", "image"],
    );

    // It answers, and a question that nobody foresaw waits for a rule.
    const answered = await fan("say", { text: word });
    assert.equal(answered.outcome, "answered", JSON.stringify(answered));
    const question = zh ? "可以刻字吗" : "Do you engrave names?";
    await fan("say", { text: question });
    await until("the question is unmatched", async () => {
      const { items } = (await api(demo, "GET", `/accounts/${account.id}/replies/unmatched`)).body;
      return items.length > 0;
    });
    await home();
    const five = presser();
    await five.press(
      "home's line",
      page.locator(".need", { hasText: t("needs.unmatched").split("{{count}}")[zh ? 1 : 0].trim() }),
    );
    await page.waitForURL(
      (url) => url.pathname === "/replies" && url.searchParams.get("account") === account.id,
    );
    await five.press("Make rule", page.getByRole("button", { name: t("unmatched.make") }).first());
    await page.keyboard.type(zh ? "可以，下单时备注即可。" : "We do: tell us with your order.");
    await page.keyboard.press("Control+s");
    await live();
    print(5, "turn an unmatched question into a rule, from home, saved by Ctrl+S", five.pressed, 2);
    const again = await fan("say", { text: question });
    assert.equal(again.outcome, "answered", JSON.stringify(again));
    await shoot(page, `unmatched-${locale}`);

    assert.deepEqual(complaints(), []);
    await context.close();
  });
}
