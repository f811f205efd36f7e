import { redactSecrets } from "../domain/redact.ts";

/** What an application may add to a span. */
export type ExtraAttributes = Readonly<Record<string, string | number | boolean>>;

// The names of the conventions and ours are ours to set.
const RESERVED =
  /^(?:azure|entra|error|exception|http|network|otel|server|service|telemetry|url|user_agent)(?:\.|$)/;

const MAX_ATTRIBUTES = 16;
const MAX_LENGTH = 256;

/**
 * What is fit for a span of what an application wants to add: few, short, under names of its own,
 * and nothing that looks like a token.
 */
export function fitAttributes(given: unknown): ExtraAttributes {
  if (typeof given !== "object" || given === null) return {};
  const fit: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(given).slice(0, MAX_ATTRIBUTES)) {
    if (name === "" || name.length > MAX_LENGTH || RESERVED.test(name)) continue;
    if (typeof value === "string")
      fit[redactSecrets(name)] = redactSecrets(value).slice(0, MAX_LENGTH);
    else if (typeof value === "boolean" || Number.isFinite(value)) fit[redactSecrets(name)] = value;
  }
  return fit;
}
