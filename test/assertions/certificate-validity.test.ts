import { expect, test } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import { AssertionUnavailableError } from "../../src/domain/errors.ts";
import { makeIdentity, rejectionOf, requestFor } from "./support.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const END = Date.parse("2026-02-01T00:00:00Z");
const MINUTE = 60_000;

const shortLived = await makeIdentity("short-lived", {
  notBefore: new Date(START),
  notAfter: new Date(END),
});

function sourceAt(now: number) {
  const { keyPem: privateKey, certificatePem } = shortLived;
  return certificate({ privateKey, certificate: certificatePem, now: () => now });
}

test("an expired certificate does not sign; the error says when it expired and what time it is", async () => {
  const error = await rejectionOf(sourceAt(END + 6 * MINUTE)(requestFor()));

  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(error).toMatchObject({ transient: false });
  expect(String(error)).toContain("expired on 2026-02-01T00:00:00.000Z");
  expect(String(error)).toContain("2026-02-01T00:06:00.000Z");
});

test("a certificate that is not valid yet does not sign; the error says from when it is", async () => {
  const error = await rejectionOf(sourceAt(START - 6 * MINUTE)(requestFor()));

  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(String(error)).toContain("not valid before 2026-01-01T00:00:00.000Z");
});

test.each([
  ["four minutes before its start", START - 4 * MINUTE],
  ["at its start", START],
  ["at its end", END],
  ["four minutes after its end", END + 4 * MINUTE],
])("a certificate signs %s, as the clock may be wrong (rule 4.3)", async (_, now) => {
  await expect(sourceAt(now)(requestFor())).resolves.toEqual(expect.any(String));
});

test("an expired certificate is no reason to fail at construction", () => {
  expect(sourceAt(END + 6 * MINUTE).certificateExpiresOn).toBe(END);
});
