import { type Fault, grant, json } from "./fault.ts";

/** Answers that look like tokens to those who do not look closely. */
export const MISSHAPEN: readonly Fault[] = [
  { name: "truncated JSON", answer: () => ({ ...grant("x"), body: '{"access_token":"ha' }) },
  { name: "an HTML page for a token", answer: () => ({ ...grant("x"), body: "<html>log in" }) },
  { name: "an empty 200", answer: () => ({ ...grant("x"), body: "" }) },
  { name: "a JSON array", answer: () => json(200, [grant("x").body]) },
  { name: "a 200 without a token", answer: () => json(200, { token_type: "Bearer" }) },
  { name: "a token that is a number", answer: () => grant("x", { access_token: 42 }) },
  { name: "a token of another type", answer: () => grant("x", { token_type: "pop" }) },
  { name: "a redirect", answer: () => json(307, {}, { location: "https://elsewhere.example/" }) },
  { name: "a 204", answer: () => ({ status: 204, headers: {}, body: "" }) },
  ...[0, -60, "soon", undefined, null].map(
    (expires_in): Fault => ({
      name: `a lifetime of ${expires_in}`,
      answer: () => grant("x", { expires_in }),
    }),
  ),
  { name: "an expiry that has passed", answer: () => expiringAt(Date.now() - 60_000) },
  {
    name: "an expiry that a Date two hours ahead has passed",
    answer: () => ({
      ...expiringAt(Date.now() + 3_600_000),
      headers: { date: new Date(Date.now() + 7_200_000).toUTCString() },
    }),
  },
  { name: "the same expiry each time", answer: sameExpiry },
];

function expiringAt(ms: number) {
  return grant("x", { expires_in: undefined, expires_on: Math.floor(ms / 1_000) });
}

// Whole hours of the clock: no refresh before the next one brings anything.
function sameExpiry() {
  const hourMs = 3_600_000;
  const leftMs = hourMs - (Date.now() % hourMs);
  return grant("same", { expires_in: Math.floor(leftMs / 1_000) });
}
