import { expect, test } from "vitest";
import { clockSkewMs } from "../../src/protocol/clock-skew.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  ["ahead", "Thu, 01 Jan 2026 12:02:00 GMT", 120_000],
  ["behind", "Thu, 01 Jan 2026 11:59:00 GMT", -60_000],
  ["the same", "Thu, 01 Jan 2026 12:00:00 GMT", 0],
])("5.7 the Date header tells a server clock that is %s", (_how, date, expected) => {
  expect(clockSkewMs({ date }, NOW)).toBe(expected);
});

test.each([[undefined], [""], ["yesterday"], ["1767268800"]])(
  "5.7 a Date header of %j tells no skew",
  (date) => {
    expect(clockSkewMs({ date }, NOW)).toBeUndefined();
  },
);
