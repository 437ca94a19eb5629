import { expect, it } from "vitest";
import { parseSearch, stringifySearch } from "./search";

it("keeps ids beyond 2^53 to the last digit", () => {
  const id = "7301234567890123457";
  expect(parseSearch(stringifySearch({ account: id, tag: undefined }))).toEqual({ account: id });
});

it("leaves out what is not set and survives odd characters", () => {
  const search = { query: "a&b=ç 山", status: "", kind: null };
  expect(stringifySearch(search)).not.toContain("status");
  expect(parseSearch(stringifySearch(search))).toEqual({ query: "a&b=ç 山" });
});
