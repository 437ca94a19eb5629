import { expect, test } from "vitest";
import { axisOf } from "./axis";

test("the scale ends at a round number above the largest share, in at most four steps", () => {
  expect(axisOf(0.37)).toEqual({ end: 0.4, ticks: [0, 0.1, 0.2, 0.3, 0.4] });
  expect(axisOf(1)).toEqual({ end: 1, ticks: [0, 0.25, 0.5, 0.75, 1] });
  expect(axisOf(0.1611).end).toBe(0.2);
  expect(axisOf(0.003)).toEqual({ end: 0.005, ticks: [0, 0.005] });
  expect(axisOf(0.2).end).toBe(0.2);
});
