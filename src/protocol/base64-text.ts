/**
 * Decodes standard or URL-safe base64, padded or not, to UTF-8 text.
 * RFC 4648 sections 4 and 5. Undefined when it is neither base64 nor UTF-8.
 */
export function decodeBase64Text(encoded: string): string | undefined {
  if (!/^[\w+/-]*={0,2}$/.test(encoded)) return undefined;
  if (encoded.replace(/=+$/, "").length % 4 === 1) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(encoded, "base64"));
  } catch {
    return undefined;
  }
}
