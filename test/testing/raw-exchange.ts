import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import {
  type ClientKeys,
  type Fault,
  type LocalAuthority,
  parseTimeline,
  signAssertion,
} from "../../src/testing/index.ts";
import { CLIENT, soundForm, TENANT, tokenUrl } from "./token-client.ts";

/** All that a client gets to see of an exchange, whole or not. */
export interface Outcome {
  /** Undefined when no head came. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** As far as it came. */
  readonly text: string;
  /**
   * The message of the error that ended it; undefined when the answer was whole. A reset is a
   * `read ECONNRESET`; a connection that ends is a `socket hang up` or, in the body, `aborted`.
   */
  readonly failure: string | undefined;
}

/** What to ask, and how patiently. */
export interface ExchangeOptions {
  readonly tenant?: string;
  readonly scope?: string;
  readonly signal?: AbortSignal;
  /** Hears of the head of the answer. */
  readonly onHead?: () => void;
  /** Hears of each piece of the body. */
  readonly onData?: () => void;
}

/** Asks for a token on a connection of its own, follows nothing, and reports what came of it. */
export async function exchange(
  authority: LocalAuthority,
  keys: ClientKeys,
  { tenant = TENANT, scope, signal, onHead, onData }: ExchangeOptions = {},
): Promise<Outcome> {
  const url = tokenUrl(authority, tenant);
  const form = soundForm(await signAssertion(keys, { clientId: CLIENT, audience: url }));
  const send = url.startsWith("https:") ? secureRequest : request;
  return new Promise((resolve) => {
    let head: IncomingMessage | undefined;
    let text = "";
    const finish = (failure?: string) =>
      resolve({ status: head?.statusCode, headers: head?.headers ?? {}, text, failure });
    const fail = ({ message }: Error) => finish(message);

    const outgoing = send(url, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      ...(signal === undefined ? {} : { signal }),
      ...(authority.certificate === undefined ? {} : { ca: authority.certificate }),
    });
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      head = incoming;
      onHead?.();
      incoming.on("data", (chunk) => {
        text += String(chunk);
        onData?.();
      });
      incoming.on("error", fail);
      incoming.on("end", () => finish());
    });
    outgoing.end(new URLSearchParams({ ...Object(form), ...(scope ? { scope } : {}) }).toString());
  });
}

/** The two ways in which a fault can be written. */
export const WAYS: readonly {
  readonly way: string;
  readonly begin: (authority: LocalAuthority, fault: Fault) => () => void;
}[] = [
  { way: "in code", begin: (authority, fault) => authority.injectFault(fault) },
  {
    way: "in JSON",
    begin: (authority, fault) => {
      const json = JSON.stringify({ faults: [{ ...fault, atS: 0 }] });
      const run = authority.play(parseTimeline(json));
      return () => run.stop();
    },
  },
];

/** Waits, a turn of the event loop at a time, until `isSo`. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
