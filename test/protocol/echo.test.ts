import { expect, test } from "vitest";
import { withoutEcho } from "../../src/protocol/echo.ts";

const ASSERTION = 'yellow bird/assertion"x"';

test.each([
  ["as it is", ASSERTION, ASSERTION],
  ["trimmed", `${ASSERTION}\n`, ASSERTION],
  ["inside JSON", ASSERTION, JSON.stringify({ text: ASSERTION })],
  ["percent-encoded", ASSERTION, `/?a=${encodeURIComponent(ASSERTION)}`],
  ["form-encoded", ASSERTION, new URLSearchParams({ a: ASSERTION }).toString()],
  ["twice", ASSERTION, `${ASSERTION} and ${ASSERTION}`],
])("an assertion quoted %s is erased", (_, assertion, text) => {
  expect(withoutEcho(text, assertion)).not.toContain("bird");
});

test("the rest of the text stays", () => {
  expect(withoutEcho(`before ${ASSERTION} after`, ASSERTION)).toBe("before [assertion] after");
});

test("an assertion as short as a word is left alone: it may stand in any text", () => {
  expect(withoutEcho("the token endpoint", "token")).toBe("the token endpoint");
});

test("a lone surrogate harms nothing", () => {
  expect(withoutEcho("text", "broken\ud800assertion")).toBe("text");
});
