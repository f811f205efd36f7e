import type { EndpointResponse } from "../../../src/index.ts";
import type { Fault } from "./fault.ts";
import { hang, late } from "./lateness.ts";

const BODIES: readonly (readonly [name: string, body: string])[] = [
  ["JSON", '{"error":"temporarily_unavailable","error_description":"AADSTS90033: A made-up one."}'],
  ["HTML", "<html><title>Bad gateway</title></html>"],
  ["no body", ""],
];

const SYSTEM_CODES = ["ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT", "ECONNREFUSED"];
const TLS_CODES = ["EPROTO", "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID"];

const MIB = 1_048_576;

/** An authority that cannot serve, and a network that does not reach it. */
export const OUTAGES: readonly Fault[] = [
  ...[500, 502, 503, 504].flatMap((status) =>
    BODIES.map(
      ([name, body]): Fault => ({
        name: `${status} with ${name}`,
        answer: () => says(status, body),
      }),
    ),
  ),
  { name: "500 with a body of a mebibyte", answer: () => says(500, "x".repeat(MIB)) },
  ...[...SYSTEM_CODES, ...TLS_CODES].map((code): Fault => ({ name: code, answer: broken(code) })),
  // At this port an answer that stops in its body is one that never comes.
  { name: "no answer, or half of one", answer: hang },
  { name: "a token after nine seconds", answer: late(9_000, "late") },
  { name: "a token after eleven seconds", answer: late(11_000, "too-late") },
  {
    name: "a 503 after nine seconds",
    answer: async (request) => {
      await late(9_000, "unused")(request);
      return says(503, "");
    },
  },
];

function says(status: number, body: string): EndpointResponse {
  return { status, headers: {}, body };
}

function broken(code: string) {
  return (): never => {
    throw Object.assign(new Error(`the network says ${code}`), { code });
  };
}
