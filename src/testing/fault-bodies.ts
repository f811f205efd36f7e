import type { AuthorityResponse } from "./authority-response.ts";
import type { BodyFault } from "./fault.ts";
import { htmlPage } from "./fault-answers.ts";
import { changeSuccess } from "./fault-changes.ts";
import type { FaultEffect } from "./fault-effect.ts";

/** Answers 200 with something that is no token response; a refusal stays one. */
export function bodyEffect({ body }: BodyFault): FaultEffect {
  switch (body) {
    case "empty":
      return () => ({ status: 200, headers: JSON_TYPE, body: "" });
    case "html":
      return () => htmlPage(200, "Sign in to the network");
    case "truncated":
      return changeText((text) => text.slice(0, Math.floor(text.length / 2)));
    case "oversized":
      // Still JSON: only a limit protects from it.
      return changeText((text) => text + " ".repeat(OVERSIZE_BYTES));
    case "wrong-content-type":
      return changeSuccess((answer) => ({
        ...answer,
        headers: { ...answer.headers, ...HTML_TYPE },
      }));
    default:
      return body satisfies never;
  }
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const HTML_TYPE = { "content-type": "text/html; charset=utf-8" };

// Twice what a client should be ready to read.
const OVERSIZE_BYTES = 2 * 1_048_576;

function changeText(change: (text: string) => string): FaultEffect {
  return changeSuccess((answer) => {
    const body = change(textOf(answer));
    return { ...answer, body, headers: { ...JSON_TYPE, ...answer.headers } };
  });
}

function textOf({ body = "" }: AuthorityResponse): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
