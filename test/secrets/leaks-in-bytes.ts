import { type Canary, formsOf } from "./canaries.ts";

/** Which secrets show in bytes, each byte a character, in whatever form. */
export function leaksInBytes(bytes: string, canaries: readonly Canary[]): readonly string[] {
  const lower = bytes.toLowerCase();
  return canaries
    .filter((canary) => {
      const forms = [...formsOf(canary), ...withinBase64(canary.secret)];
      return (
        forms.some((form) => bytes.includes(form)) ||
        lower.includes(percentEncoded(canary.secret).toLowerCase())
      );
    })
    .map(({ what }) => what);
}

// A secret in the middle of what was encoded: its bytes fall on one of three places in a group.
function withinBase64(secret: string): readonly string[] {
  return [1, 2].flatMap((before) =>
    (["base64", "base64url"] as const).map((encoding) =>
      Buffer.from(`${"\0".repeat(before)}${secret}`)
        .toString(encoding)
        .replace(/=+$/, "")
        // Without what the neighbors have a part in.
        .slice(before + 1, -1),
    ),
  );
}

// Every byte of it, as no encoder need do and some do.
function percentEncoded(secret: string): string {
  return [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}
