/** Signed in at the console, in one language. */
export async function signIn(demo, page, t, locale) {
  await page.goto(`${demo.console_url}/login`);
  await page.getByLabel(t("session.email")).fill(demo.login.email);
  await page.getByLabel(t("session.password")).fill(demo.login.password);
  await page.getByRole("button", { name: t("session.sign_in") }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.evaluate(async (language) => {
    const me = await (await fetch("/api/v1/session")).json();
    const headers = { "content-type": "application/json", "x-csrf-token": me.csrf_token };
    await fetch("/api/v1/session", { method: "PATCH", headers, body: JSON.stringify({ language }) });
  }, locale);
}
