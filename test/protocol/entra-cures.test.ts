import { expect, test } from "vitest";
import { cureFor, documentationOf } from "../../src/protocol/entra-cures.ts";

test.each([
  [700016],
  [7000215],
  [7000222],
  [700024],
  [700027],
  [700021],
  [70021],
  [700211],
  [700212],
  [700213],
  [700023],
  [90002],
  [50196],
  [1002012],
])("3.7 AADSTS%i has a cure of one sentence", (entraCode) => {
  expect(cureFor(entraCode)).toMatch(/^[A-Z].{20,110}[^.]\.$/);
});

test("3.7 an uncommon AADSTS error has no cure", () => {
  expect(cureFor(1)).toBeUndefined();
});

test("3.7 every AADSTS error has its documentation", () => {
  expect(documentationOf(1)).toBe("https://login.microsoftonline.com/error?code=1");
});
