import { CABLE, type Network } from "./network.ts";
import type { Outcome } from "./outcome.ts";

/** The port of the authority in its namespace. */
export const PORT = 8443;

/** Something that a network does to those who use it. */
export interface NetworkFault {
  readonly name: string;
  /** Filters count what they take; an unplugged cable leaves no trace. */
  readonly by: "filter" | "cable";
  begin(network: Network): Promise<unknown>;
  end(network: Network): Promise<unknown>;
  /** What becomes of callers without a token; none where chance decides. */
  readonly cold: Partial<Outcome> | undefined;
}

const TO_AUTHORITY = `INPUT -p tcp --dport ${PORT}`;
const FROM_AUTHORITY = `OUTPUT -p tcp --sport ${PORT}`;

// The handshake and the head of an answer are smaller, its body is larger.
const IN_BODY = "-m connbytes --connbytes 6000: --connbytes-dir reply --connbytes-mode bytes";
const HALF = "-m statistic --mode random --probability 0.5";
const RESET = "-j REJECT --reject-with tcp-reset";

/** Ends the connections there are, and lets new ones wait for ever. */
export const NO_NEW_CONNECTION: NetworkFault = filtered(
  "connections that are never made",
  [`${TO_AUTHORITY} --syn -j DROP`, `${TO_AUTHORITY} ${RESET}`],
  { code: "ERR_TIMEOUT" },
);

/** Each kind of fault that a network has on the way to an authority. */
export const NETWORK_FAULTS: readonly NetworkFault[] = [
  filtered("packets that vanish", [`${TO_AUTHORITY} -j DROP`], { code: "ERR_TIMEOUT" }),
  filtered("connections that are refused", [`${TO_AUTHORITY} ${RESET}`], {
    code: "ERR_TRANSPORT",
    systemCode: "ECONNREFUSED",
  }),
  filtered(
    "half of the packets lost",
    [`${TO_AUTHORITY} ${HALF} -j DROP`, `${FROM_AUTHORITY} ${HALF} -j DROP`],
    undefined,
  ),
  filtered("answers that are cut in the body", [`${TO_AUTHORITY} ${IN_BODY} ${RESET}`], {
    code: "ERR_TRANSPORT",
  }),
  filtered("answers that stop in the body", [`${FROM_AUTHORITY} ${IN_BODY} -j DROP`], {
    code: "ERR_TIMEOUT",
  }),
  {
    name: "the cable unplugged at the service",
    by: "cable",
    begin: ({ service }) => service.ip(`link set ${CABLE} down`),
    end: ({ service }) => service.ip(`link set ${CABLE} up`),
    cold: { code: "ERR_TRANSPORT", systemCode: "ENETUNREACH" },
  },
  {
    name: "the cable unplugged at the authority",
    by: "cable",
    begin: ({ authority }) => authority.ip(`link set ${CABLE} down`),
    end: ({ authority }) => authority.ip(`link set ${CABLE} up`),
    cold: { code: "ERR_TIMEOUT" },
  },
];

/** Has a network count the connections that are attempted to its authority, whatever becomes of them. */
export function countAttempts({ service }: Network): Promise<unknown> {
  return service.iptables(`-t raw -A OUTPUT -p tcp --syn --dport ${PORT}`);
}

/** How many there were. */
export async function attempts({ service }: Network): Promise<number> {
  return matches(await service.iptables("-t raw -nvxL OUTPUT"));
}

/** How many packets the filters of a fault have taken. */
export async function taken({ authority }: Network): Promise<number> {
  const chains = ["INPUT", "OUTPUT"].map((chain) => authority.iptables(`-nvxL ${chain}`));
  return (await Promise.all(chains)).map(matches).reduce((sum, count) => sum + count, 0);
}

function filtered(
  name: string,
  rules: readonly string[],
  cold: Partial<Outcome> | undefined,
): NetworkFault {
  return {
    name,
    by: "filter",
    cold,
    begin: async ({ authority }) => {
      for (const rule of rules) await authority.iptables(`-A ${rule}`);
    },
    end: ({ authority }) => authority.iptables("-F"),
  };
}

/** The packets that the rules of a listed chain have matched: the first number of each line. */
function matches(listed: string): number {
  const counts = [...listed.matchAll(/^\s*(\d+)\s+\d+\s/gm)].map(([, packets]) => Number(packets));
  return counts.reduce((sum, count) => sum + count, 0);
}
