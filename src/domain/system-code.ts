const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** The code of an error of Node, TLS or the operating system; undefined for anything else. */
export function systemCodeOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("code" in value)) return undefined;
  return typeof value.code === "string" && CODE.test(value.code) ? value.code : undefined;
}
