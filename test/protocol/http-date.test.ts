import { afterEach, expect, test, vi } from "vitest";
import { parseHttpDate } from "../../src/protocol/http-date.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("asctime means GMT wherever the machine is", () => {
  vi.stubEnv("TZ", "Asia/Tokyo");

  expect(parseHttpDate("Sun Nov  6 08:49:37 1994")).toBe(784_111_777_000);
});

test.each([
  ["IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT"],
  ["RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT"],
  ["asctime", "Sun Nov  6 08:49:37 1994"],
  ["blanks around it", "  Sun, 06 Nov 1994 08:49:37 GMT "],
])("an HTTP-date is read: %s", (_form, text) => {
  expect(parseHttpDate(text)).toBe(784_111_777_000);
});

test.each([
  ["120"],
  ["-1"],
  [""],
  ["soon"],
  ["1994-11-06T08:49:37Z"],
  ["Sun, 99 Foo 1994 08:49:37 GMT"],
])("%j is no HTTP-date", (text) => {
  expect(parseHttpDate(text)).toBeUndefined();
});
