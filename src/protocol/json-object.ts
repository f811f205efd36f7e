/** A JSON object from outside, whose members may be anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON object; undefined when the text is anything else. Never throws. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    // RFC 8259 section 8.1 allows a reader to ignore a byte order mark.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Says, without quoting it, why a text is no JSON object. */
export function whyNoJsonObject(text: string): string {
  const start = text.trimStart();
  if (start === "") return "the body is empty";
  if (start.startsWith("<")) {
    return "the body is HTML or XML, perhaps from a proxy or a portal on the way";
  }
  if (start.startsWith("{")) return "the body is broken or truncated JSON";
  return "the body is not a JSON object";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
