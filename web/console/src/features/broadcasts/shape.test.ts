/** What is pure about a broadcast. */
import { describe, expect, it } from "vitest";
import type { BroadcastCounts, BroadcastPart } from "@/api/types";
import {
  atShanghai,
  confirmUntil,
  emptyContent,
  gapOf,
  gapsOf,
  insertAt,
  isOpen,
  likelyTimes,
  linkOf,
  mayWithdraw,
  monthAway,
  newBody,
  outcomes,
  partOf,
  progressOf,
  readOpenids,
  restOf,
  shanghaiDay,
  shares,
  weeksOf,
} from "./shape";

const none = Object.fromEntries([...outcomes, "fans"].map((key) => [key, 0])) as unknown as BroadcastCounts;
const part = (fields: Partial<BroadcastPart>) => ({ state: "sent", msg_id: "1", ...fields }) as BroadcastPart;

describe("a content", () => {
  it("says what it lacks", () => {
    expect(gapOf(emptyContent("text"))).toBe("text");
    expect(gapOf({ type: "text", text: "好" })).toBeNull();
    expect(gapOf({ type: "text", text: "好".repeat(683) })).toBe("text_long");
    expect(gapOf(emptyContent("images"))).toBe("pictures");
    expect(gapOf({ type: "images", media_ids: Array(21).fill("1"), recommend: null, comments: "off" })).toBe(
      "pictures_many",
    );
    expect(gapOf(emptyContent("voice"))).toBe("voice");
    expect(gapOf({ type: "video", media_id: "1", title: " ", description: "" })).toBe("video_title");
  });
});

describe("a body", () => {
  const body = { ...newBody("1", "Sale"), contents: [{ type: "text" as const, text: "a" }] };
  it("is complete, or says where not", () => {
    expect(gapsOf(body, null, 0)).toEqual([]);
    expect(gapsOf({ ...body, name: " " }, null, 0)[0]).toMatchObject({ part: "name" });
    expect(gapsOf({ ...body, audience: { type: "tags", tag_ids: [] } }, null, 0)[0]).toMatchObject({
      part: "who",
      gap: "tags",
    });
    expect(gapsOf(body, 5, 5)[0]).toMatchObject({ part: "when", gap: "past" });
  });
  it("leaves a rest for the winner", () => {
    const test = { share: 30, hold_out: 10, hours: 4, by: "reads" as const };
    const two = { ...body, contents: [...body.contents, ...body.contents], test };
    expect(restOf(two)).toBe(30);
    expect(gapsOf({ ...two, test: { ...test, share: 46 } }, null, 0)[0]).toMatchObject({ gap: "shares" });
  });
});

describe("openids", () => {
  it("are read however they were pasted, each once", () => {
    const one = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1";
    const two = "oabcdefghijklmnopqrstuvwxyz_-";
    expect(readOpenids(`${one}\n"${two}", ${one}\r\nfoo`)).toEqual({ openids: [one, two], wrong: ["foo"] });
  });
});

describe("time", () => {
  it("r1_days_are_those_of_shanghai", () => {
    expect(shanghaiDay(Date.parse("2026-11-30T16:00:00Z"))).toBe("2026-12-01");
    expect(shanghaiDay(Date.parse("2026-11-30T15:59:59Z"))).toBe("2026-11-30");
    expect(atShanghai("2026-12-01", 20)).toBe(Date.parse("2026-12-01T12:00:00Z"));
  });
  it("offers this evening only before it", () => {
    expect(likelyTimes(Date.parse("2026-11-27T10:00:00+08:00")).map((one) => one.name)).toEqual([
      "tonight",
      "tomorrow_morning",
      "tomorrow_night",
    ]);
    expect(likelyTimes(Date.parse("2026-11-27T20:00:00+08:00"))[0]).toEqual({
      name: "tomorrow_morning",
      at: Date.parse("2026-11-28T08:00:00+08:00"),
    });
  });
  it("lays a month out in weeks from Monday", () => {
    const weeks = weeksOf("2026-11");
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.at(-1)).toBe("2026-11-01");
    expect(weeks.flat().filter(Boolean)).toHaveLength(30);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(monthAway("2026-12", 1)).toBe("2027-01");
    expect(monthAway("2026-01", -1)).toBe("2025-12");
  });
});

describe("the counts", () => {
  it("p3_every_fan_is_in_exactly_one_piece_of_the_bar", () => {
    const counts = { ...none, fans: 10, sent: 6, filtered: 3, unknown: 1 };
    const pieces = shares(counts);
    expect(pieces.map((one) => one.outcome)).toEqual(["sent", "filtered", "unknown"]);
    expect(pieces.reduce((sum, one) => sum + one.fans, 0)).toBe(counts.fans);
    expect(pieces.reduce((sum, one) => sum + one.percent, 0)).toBeCloseTo(100);
    expect(shares(none)).toEqual([]);
  });
});

describe("progress", () => {
  it("is told of those who get something, with the time the rest may take", () => {
    const counts = { ...none, fans: 100, held_out: 20, sent: 20, waiting: 60 };
    expect(progressOf({ counts, started_at: 0 }, 10_000)).toEqual({ done: 20, total: 80, left: 30 });
    expect(progressOf({ counts: { ...counts, sent: 80, waiting: 0 }, started_at: 0 }, 1).left).toBeNull();
  });
});

describe("parts", () => {
  it("are taken back when they are articles or video and have gone out", () => {
    const video = { type: "video" as const, media_id: "1", title: "t", description: "" };
    expect(mayWithdraw(video, part({}))).toBe(true);
    expect(mayWithdraw({ type: "text", text: "a" }, part({}))).toBe(false);
    expect(mayWithdraw(video, part({ state: "unknown" }))).toBe(false);
  });
  it("are confirmed within half an hour, the first one first", () => {
    expect(confirmUntil([part({})])).toBeNull();
    const waiting = (confirm_by: number) => part({ state: "awaiting_confirmation", confirm_by });
    expect(confirmUntil([waiting(60_000), waiting(1_000)])).toBe(1_000);
  });
  it("p2_a_lost_answer_waits_for_a_person_until_one_has_decided", () => {
    expect(isOpen(part({ state: "unknown", decision: null }))).toBe(true);
    expect(isOpen(part({ state: "unknown", decision: "left" }))).toBe(false);
    expect(isOpen(part({ state: "sent", decision: null }))).toBe(false);
  });
});

describe("a link", () => {
  it("is written as WeChat reads it, where the caret stands", () => {
    expect(linkOf("https://a.example/?x=1", "here")).toBe('<a href="https://a.example/?x=1">here</a>');
    expect(linkOf(" https://a.example/ ", "")).toBe("https://a.example/");
    expect(insertAt("ab", 1, "-")).toBe("a-b");
  });
});

describe("a finding", () => {
  it("leads to its part of the editor", () => {
    expect(partOf("contents[0].text")).toBe("what");
    expect(partOf("contents.1.media_ids")).toBe("what");
    expect(partOf("audience.tag_ids")).toBe("who");
    expect(partOf("at")).toBe("when");
    expect(partOf(null)).toBeNull();
  });
});
