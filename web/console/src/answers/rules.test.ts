/** What can be told of a file before it is sent. */
import { describe, expect, it } from "vitest";
import { amrSeconds, kindOf } from "./rules";

describe("a file before it is sent", () => {
  it("is as long as its frames, fifty a second", () => {
    const frame = [0x3c, ...new Array(31).fill(0)];
    const bytes = new Uint8Array(
      [..."#!AMR\n"].map((c) => c.charCodeAt(0)).concat(new Array(100).fill(frame).flat()),
    );
    expect(amrSeconds(bytes)).toBe(2);
    expect(amrSeconds(new Uint8Array([1, 2, 3]))).toBe(null);
  });
  it("is of a kind by its name, or of none that WeChat takes", () => {
    const kind = (name: string, type = "") => kindOf(new File(["x"], name, { type }));
    expect(["a.webp", "b.PNG", "c.amr", "d.mp4", "e.txt"].map((name) => kind(name))).toEqual([
      "image",
      "image",
      "voice",
      "video",
      null,
    ]);
  });
});
