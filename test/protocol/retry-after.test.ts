import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "../../src/protocol/retry-after.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const IN_A_MINUTE = "Thu, 01 Jan 2026 12:01:00 GMT";

test.each([
  ["seconds", { "retry-after": "120" }, 120_000],
  ["seconds with a fraction", { "retry-after": "1.5" }, 1_500],
  ["no seconds at all", { "retry-after": "0" }, 0],
  ["blanks around it", { "retry-after": " 7 " }, 7_000],
  ["an IMF-fixdate", { "retry-after": IN_A_MINUTE }, 60_000],
  ["an RFC 850 date", { "retry-after": "Thursday, 01-Jan-26 12:01:00 GMT" }, 60_000],
  ["an asctime date", { "retry-after": "Thu Jan  1 12:01:00 2026" }, 60_000],
  ["a date that has passed", { "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }, 0],
  [
    "a date by the server's own clock",
    { "retry-after": IN_A_MINUTE, date: "Thu, 01 Jan 2026 12:00:50 GMT" },
    10_000,
  ],
  ["a date beside an unreadable Date", { "retry-after": IN_A_MINUTE, date: "today" }, 60_000],
  ["retry-after-ms", { "retry-after-ms": "250" }, 250],
  ["x-ms-retry-after-ms", { "x-ms-retry-after-ms": "350" }, 350],
  [
    "retry-after-ms before all others",
    { "retry-after-ms": "1", "x-ms-retry-after-ms": "2", "retry-after": "3" },
    1,
  ],
  ["x-ms-retry-after-ms before Retry-After", { "x-ms-retry-after-ms": "2", "retry-after": "3" }, 2],
  ["Retry-After behind an unreadable one", { "retry-after-ms": "soon", "retry-after": "3" }, 3_000],
  ["at most an hour of seconds", { "retry-after": "86400" }, 3_600_000],
  ["at most an hour of milliseconds", { "retry-after-ms": "9".repeat(400) }, 3_600_000],
  ["at most an hour until a date", { "retry-after": "Fri, 01 Jan 2027 12:00:00 GMT" }, 3_600_000],
])("6.4 a wait is read: %s", (_form, headers, expected) => {
  expect(retryAfterMs(headers, NOW)).toBe(expected);
});

test.each([
  ["no header", {}],
  ["a negative number", { "retry-after": "-5" }],
  ["words", { "retry-after": "in a while" }],
  ["nothing", { "retry-after": "" }],
  ["two values", { "retry-after": "5, 10" }],
  ["hexadecimal", { "retry-after-ms": "0x10" }],
  ["Infinity", { "retry-after": "Infinity" }],
  ["an ISO date", { "retry-after": "2026-01-01T12:01:00Z" }],
])("6.4 no wait is read from %s", (_form, headers) => {
  expect(retryAfterMs(headers, NOW)).toBeUndefined();
});

test("6.4 whatever the header says, a wait is whole milliseconds within an hour", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)), (text) => {
      const wait = retryAfterMs({ "retry-after": text }, NOW) ?? 0;

      expect(Number.isInteger(wait) && wait >= 0 && wait <= 3_600_000).toBe(true);
    }),
  );
});
