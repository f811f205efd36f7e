import { expect, test } from "vitest";
import { cleanText } from "../../src/protocol/clean-text.ts";

test("7 line breaks and control characters become single blanks", () => {
  expect(cleanText("  a\r\n\tb\u0000\u001b[31mc\u202e\u2028d ", 100)).toBe("a b [31mc d");
});

test("7 a long text is cut and says so", () => {
  expect(cleanText("abcdefghij", 5)).toBe("abcd…");
});

test("7 a text of just the length stays whole", () => {
  expect(cleanText("abcde", 5)).toBe("abcde");
});

test("7 cutting leaves no half of a character", () => {
  expect(cleanText("abc😀de", 5).isWellFormed()).toBe(true);
});

test("7 a secret is redacted before the text is cut", () => {
  const text = `${"-".repeat(30)} ${"Ab3x".repeat(20)}`;

  expect(cleanText(text, 45)).toBe(`${"-".repeat(30)} [redacted]`);
});
