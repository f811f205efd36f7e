import { describe, expect, test } from "vitest";
import { JWT_ASSERTION, OPAQUE_ASSERTION } from "./canaries.ts";
import { leaksInBytes } from "./leaks-in-bytes.ts";

// The search itself: it must find what is planted, or its silence means nothing.

const BOTH = [JWT_ASSERTION, OPAQUE_ASSERTION];

describe.each(BOTH)("in bytes a secret that is $what is found", ({ what, secret }) => {
  test.each<[string, string]>([
    ["as it is", `\u0012\u0015${secret}\u0000`],
    ["in JSON", JSON.stringify({ value: { stringValue: `it was ${secret}` } })],
    ["in hex", Buffer.from(`x${secret}`).toString("hex")],
    ["percent-encoded", encodeURIComponent(`client_assertion=${secret}`)],
    [
      "percent-encoded throughout, in capitals",
      [...secret].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join(""),
    ],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 behind one byte", Buffer.from(`x${secret}tail`).toString("base64")],
    ["in base64 behind two bytes", Buffer.from(`xy${secret}`).toString("base64url")],
    ["in base64 behind many", Buffer.from(`client:${secret}&more`).toString("base64")],
  ])("%s", (_, bytes) => {
    expect(leaksInBytes(bytes, BOTH)).toEqual([what]);
  });
});

test("and nothing is found in other bytes", () => {
  expect(leaksInBytes("yellow-bird in a gold mine, eyJhbGciOi", BOTH)).toEqual([]);
});
