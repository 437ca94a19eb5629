import { expect, it } from "vitest";
import { exactTime, isoDay, lengthText, whenText } from "./time";

const now = Date.UTC(2026, 10, 23, 12, 0, 0);
const zone = "Asia/Shanghai";

it("says times within a day relatively and later ones as a date", () => {
  expect(whenText(now - 5 * 60_000, "zh-CN", zone, now)).toBe("5分钟前");
  expect(whenText(now - 20_000, "zh-CN", zone, now)).toBe("刚刚");
  expect(whenText(now - 3 * 3_600_000, "en-US", zone, now)).toBe("3 hours ago");
  expect(whenText(now + 40 * 60_000, "en-US", zone, now)).toBe("in 40 minutes");
  expect(whenText(now - 25 * 3_600_000, "zh-CN", zone, now)).toBe("11月22日 19:00");
  expect(whenText(now - 400 * 86_400_000, "zh-CN", zone, now)).toContain("2025年");
});

it("counts days in the zone it is told, not the machine's", () => {
  const late = Date.UTC(2026, 10, 23, 17, 30);
  expect(isoDay(late, "Asia/Shanghai")).toBe("2026-11-24");
  expect(isoDay(late, "UTC")).toBe("2026-11-23");
});

it("gives the exact moment with its zone, and does not fall over an unknown one", () => {
  expect(exactTime(now, "en-US", zone)).toContain("20:00:00");
  expect(exactTime(now, "en-US", zone)).toContain(zone);
  expect(() => exactTime(now, "en-US", "Mars/Olympus")).not.toThrow();
});

it("rounds waiting times to what a person cares about", () => {
  expect(lengthText(0.4, "en-US")).toBe("1 second");
  expect(lengthText(150, "en-US")).toBe("3 minutes");
  expect(lengthText(3600, "en-US")).toBe("1 hour");
  expect(lengthText(3900, "en-US")).toBe("1 hour 5 minutes");
});
