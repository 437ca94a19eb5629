import { describe, expect, it } from "vitest";
import { withAccount } from "./link";

describe("where a need leads", () => {
  it("opens with the account that home is about, unless it names its own", () => {
    expect(withAccount("/replies?view=unmatched", "7")).toBe("/replies?view=unmatched&account=7");
    expect(withAccount("/settings/platform", "7")).toBe("/settings/platform?account=7");
    expect(withAccount("/broadcasts?standing=held&account=8", "7")).toBe(
      "/broadcasts?standing=held&account=8",
    );
    expect(withAccount("/inbox?only=waiting", undefined)).toBe("/inbox?only=waiting");
  });
});
