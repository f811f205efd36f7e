/** What haproxy does with a request: passes it on, or one of the things that go wrong on the way. */
export type Manner =
  | "pass"
  | "throttle"
  | "unavailable"
  | "portal"
  | "tarpit"
  | "silent-drop"
  | "reset";

/** How long the `throttle` manner asks its clients to wait, in seconds. */
export const RETRY_AFTER_S = 3;

export interface HaproxyPlan {
  readonly port: number;
  /** The port of the authority behind it, on the loopback address. */
  readonly authorityPort: number;
  /** Certificate and key in one file. */
  readonly identityFile: string;
  /** The certificate of the authority. */
  readonly caFile: string;
  /** Its one entry, `entra`, holds the manner; set live through the socket. */
  readonly mapFile: string;
  readonly socketFile: string;
}

/** The configuration file: TLS on both sides, and each manner as a rule of its own. */
export function haproxyConfig(plan: HaproxyPlan): string {
  return `
global
  nbthread 1
  stats socket ${plan.socketFile} mode 600 level admin

defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tarpit 60s

frontend entra
  bind 127.0.0.1:${plan.port} ssl crt ${plan.identityFile}
  http-request set-var(txn.manner) str(entra),map(${plan.mapFile},pass)
${RULES.map(([manner, rule]) => `  http-request ${rule} if { var(txn.manner) -m str ${manner} }`).join("\n")}
  default_backend authority

backend authority
  server local 127.0.0.1:${plan.authorityPort} ssl verify required ca-file ${plan.caFile} sni str(localhost)
`;
}

const THROTTLED = String.raw`{\"error\":\"temporarily_unavailable\"}`;

const RULES: readonly (readonly [Exclude<Manner, "pass">, string])[] = [
  [
    "throttle",
    `return status 429 content-type application/json string "${THROTTLED}" hdr Retry-After ${RETRY_AFTER_S}`,
  ],
  ["unavailable", 'return status 503 content-type text/html string "<html>Unavailable</html>"'],
  ["portal", 'return status 200 content-type text/html string "<html>Please log in</html>"'],
  ["tarpit", "tarpit deny_status 500"],
  ["silent-drop", "silent-drop"],
  ["reset", "reject"],
];
