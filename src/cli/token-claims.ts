import { type Fact, fact } from "./fact.ts";
import { duration, grouped, text } from "./quantity.ts";

/**
 * What a token says that everybody may read: for whom, of which tenant, to which app, until when
 * and with how many roles. Empty when the token is not a readable JWT; resources may encrypt theirs.
 */
export function publicClaims(token: string, nowMs: number): readonly Fact[] {
  const claims = payloadOf(token);
  if (claims === undefined) return [];
  // Tokens of version 2.0 call the app azp.
  const app = typeof claims["appid"] === "string" ? "appid" : "azp";
  const facts = ["aud", "tid", app].map((name) => textFact(name, claims[name]));
  return [...facts, expiry(claims["exp"], nowMs), roles(claims["roles"])].filter(
    (found) => found !== undefined,
  );
}

function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return typeof claims === "object" && claims !== null ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

function textFact(name: string, value: unknown): Fact | undefined {
  return typeof value === "string"
    ? fact(name, { label: name, ...text(harmless(value)) })
    : undefined;
}

function expiry(exp: unknown, nowMs: number): Fact | undefined {
  if (typeof exp !== "number" || !Number.isFinite(exp)) return undefined;
  return fact("exp", {
    label: "exp",
    value: exp,
    shown: `${utc(exp * 1_000)}, ${fromNow(exp, nowMs)}`,
  });
}

function roles(value: unknown): Fact {
  const number = Array.isArray(value) ? value.length : 0;
  return fact("roles", {
    label: "roles",
    value: number,
    shown: number === 0 ? "none" : grouped(number),
  });
}

function fromNow(exp: number, nowMs: number): string {
  const leftMs = exp * 1_000 - nowMs;
  if (leftMs < 0) return "which has passed";
  return leftMs < 120_000
    ? `in ${duration(leftMs).shown}`
    : `in ${Math.round(leftMs / 60_000)} min`;
}

function utc(epochMs: number): string {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) return "beyond all calendars";
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

// A claim may hold anything, such as the codes that repaint a terminal.
function harmless(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, MAX_CLAIM_LENGTH);
}

const MAX_CLAIM_LENGTH = 200;
