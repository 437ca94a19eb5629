import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./client";
import { type KeyHeader, keptKeys, type Once } from "./keptKey";

const lost = new ApiError({ status: 0, code: "offline" });
const broken = new ApiError({ status: 502, code: "unavailable" });

/** The key that the hub was shown. */
async function keyOf(once: Once, said: unknown, failure?: unknown): Promise<string> {
  let seen = "";
  const asked = once(said, async (headers: KeyHeader) => {
    seen = headers["Idempotency-Key"];
    if (failure) throw failure;
    return "done";
  });
  if (failure) await expect(asked).rejects.toBe(failure);
  else await expect(asked).resolves.toBe("done");
  return seen;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a creation", () => {
  it("p4_keeps_its_key_until_an_answer_has_come", async () => {
    const once = keptKeys();
    const first = await keyOf(once, { name: "a" }, lost);
    expect(await keyOf(once, { name: "a" }, broken)).toBe(first);
    expect(await keyOf(once, { name: "a" }, new TypeError("the answer broke off"))).toBe(first);
    expect(await keyOf(once, { name: "a" })).toBe(first);
    expect(await keyOf(once, { name: "a" })).not.toBe(first);
  });

  it("has a new key once it was refused", async () => {
    const once = keptKeys();
    const first = await keyOf(once, { name: "a" }, lost);
    expect(await keyOf(once, { name: "a" }, new ApiError({ status: 422, code: "invalid" }))).toBe(first);
    expect(await keyOf(once, { name: "a" })).not.toBe(first);
  });

  it("keeps it when nobody looked at what was asked for", async () => {
    const once = keptKeys();
    const first = await keyOf(once, "a", lost);
    for (const problem of [
      { status: 401, code: "unauthenticated" },
      { status: 429, code: "too_many" },
      { status: 403, code: "csrf" },
    ]) {
      expect(await keyOf(once, "a", new ApiError(problem))).toBe(first);
    }
    expect(await keyOf(once, "a")).toBe(first);
  });

  it("has another key with another body, and with none", async () => {
    const once = keptKeys();
    const first = await keyOf(once, { name: "a" }, lost);
    const nothing = await keyOf(once, undefined, lost);
    expect(await keyOf(once, { name: "b" }, lost)).not.toBe(first);
    expect(nothing).not.toBe(first);
    // What was lost beside it is still the same.
    expect(await keyOf(once, { name: "a" })).toBe(first);
    expect(await keyOf(once, undefined)).toBe(nothing);
  });

  it("pressed twice at once is one", async () => {
    const once = keptKeys();
    const [first, second] = await Promise.all([keyOf(once, "a"), keyOf(once, "a")]);
    expect(second).toBe(first);
  });

  it("is another wish after a while", async () => {
    vi.useFakeTimers();
    const once = keptKeys();
    const first = await keyOf(once, "hello", lost);
    vi.advanceTimersByTime(11 * 60_000);
    expect(await keyOf(once, "hello")).not.toBe(first);
  });

  it("of a file knows it by name, size and time", async () => {
    const once = keptKeys();
    const file = (text: string, lastModified: number) => new File([text], "a.png", { lastModified });
    const first = await keyOf(once, ["image", file("abc", 1)], lost);
    expect(await keyOf(once, ["image", file("abcd", 1)], lost)).not.toBe(first);
    expect(await keyOf(once, ["image", file("abc", 2)], lost)).not.toBe(first);
    expect(await keyOf(once, ["image", file("abc", 1)])).toBe(first);
  });
});
