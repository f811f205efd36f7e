import buffer from "node:buffer";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { onTestFinished } from "vitest";

/** A message that shows a secret. */
interface Leak {
  readonly channel: string;
  readonly secret: string;
  /** What stands around the first place where it shows. */
  readonly around: string;
}

export interface ChannelWatch {
  /** How many messages each channel that spoke has published. */
  readonly heard: ReadonlyMap<string, number>;
  readonly leaks: readonly Leak[];
}

const PHASES = ["start", "end", "asyncStart", "asyncEnd", "error"];
const TRACES = ["lru-cache", "net.server.listen", "module.import", "module.require"];

/**
 * The channels on which Node's clients and our dependencies tell what they do. Those of Node's
 * servers are left out: here the authority runs in the same process, and may know its secrets.
 */
const CHANNELS = [
  "http.client.request.created",
  "http.client.request.start",
  "http.client.request.error",
  "http.client.response.finish",
  "net.client.socket",
  ...["create", "start", "retry", "error"].map((name) => `got:request:${name}`),
  ...["start", "end", "redirect"].map((name) => `got:response:${name}`),
  ...["create", "headers", "bodySent", "bodyChunkSent"].map((name) => `undici:request:${name}`),
  ...["bodyChunkReceived", "trailers", "error"].map((name) => `undici:request:${name}`),
  "undici:client:sendHeaders",
  "lru-cache:metrics",
  ...["console.debug", "console.error", "console.info", "console.log", "console.warn"],
  ...TRACES.flatMap((name) => PHASES.map((phase) => `tracing:${name}:${phase}`)),
];

const EVERYTHING = {
  depth: Number.POSITIVE_INFINITY,
  maxArrayLength: Number.POSITIVE_INFINITY,
  maxStringLength: Number.POSITIVE_INFINITY,
  showHidden: true,
};

/** Looks into every message at the moment of its publication, until the test ends. */
export function watchChannels(secrets: () => Readonly<Record<string, string>>): ChannelWatch {
  const heard = new Map<string, number>();
  const leaks: Leak[] = [];
  const listen = (message: unknown, name: string | symbol) => {
    const channel = String(name);
    heard.set(channel, (heard.get(channel) ?? 0) + 1);
    leaks.push(...leaksIn(shown(message), channel, secrets()));
  };
  for (const channel of CHANNELS) subscribe(channel, listen);
  onTestFinished(() => {
    for (const channel of CHANNELS) unsubscribe(channel, listen);
  });
  return { heard, leaks };
}

function leaksIn(text: string, channel: string, secrets: Readonly<Record<string, string>>): Leak[] {
  return Object.entries(secrets).flatMap(([secret, value]) => {
    const asBytes = [...Buffer.from(value)].map((byte) => byte.toString(16).padStart(2, "0"));
    const found = [value, asBytes.join(" "), asBytes.join("")]
      .map((form) => text.indexOf(form))
      .find((at) => at >= 0);
    if (found === undefined) return [];
    return [{ channel, secret, around: text.slice(Math.max(0, found - 300), found + 40) }];
  });
}

function shown(message: unknown): string {
  const limit = buffer.INSPECT_MAX_BYTES;
  buffer.INSPECT_MAX_BYTES = Number.POSITIVE_INFINITY;
  try {
    return inspect(message, EVERYTHING);
  } finally {
    buffer.INSPECT_MAX_BYTES = limit;
  }
}
