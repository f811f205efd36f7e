import type { AttributeValues } from "./registry-types.ts";

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["https:", 443],
  ["http:", 80],
]);

/** Host and port of a URL, as the HTTP conventions write them. */
export function serverAttributes({
  hostname,
  port,
  protocol,
}: URL): AttributeValues<"server.address" | "server.port"> {
  return {
    // The conventions write an IPv6 address without its brackets.
    "server.address": hostname.replace(/^\[(.*)\]$/, "$1"),
    "server.port": port === "" ? (DEFAULT_PORTS.get(protocol) ?? 443) : Number(port),
  };
}
