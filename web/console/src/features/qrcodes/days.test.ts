import { expect, it } from "vitest";
import { lastDays, withEnd, withStart } from "./days";

it("has both its ends, over months and years", () => {
  expect(lastDays(7, "2026-03-02")).toEqual({ from: "2026-02-24", to: "2026-03-02" });
  expect(lastDays(90, "2026-01-10")).toEqual({ from: "2025-10-13", to: "2026-01-10" });
});

it("never turns round and never gets longer than the hub takes", () => {
  const march = { from: "2026-03-01", to: "2026-03-31" };
  expect(withStart(march, "2026-03-10")).toEqual({ from: "2026-03-10", to: "2026-03-31" });
  expect(withStart(march, "2026-04-02")).toEqual({ from: "2026-04-02", to: "2026-04-02" });
  expect(withStart(march, "2024-06-01")).toEqual({ from: "2024-06-01", to: "2025-06-01" });
  expect(withEnd(march, "2026-02-01")).toEqual({ from: "2026-02-01", to: "2026-02-01" });
  expect(withEnd(march, "2028-03-01")).toEqual({ from: "2027-03-02", to: "2028-03-01" });
});
