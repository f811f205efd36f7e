/** How things stand with one credential; what is not given is as in a credential that nobody has used. */
export interface Standing {
  /** Tokens in the cache. */
  readonly tokens?: number;
  /** When the first token in use expires, as `13:00:00.100` of the test's day; `never` for the 0 that stands for none. */
  readonly expires?: string;
  readonly circuit?: "closed" | "open" | "half_open";
  readonly retriesLeft?: number;
  readonly waiting?: number;
  readonly refreshing?: number;
  readonly room?: number;
}

/** The gauges and up-down counters of a page, for a credential named shop and the public cloud. */
export function standing(so: Standing): string[] {
  const { tokens = 0, expires, circuit = "closed", retriesLeft = 3 } = so;
  const { waiting = 0, refreshing = 0, room = 10_000 } = so;
  const circuits = ["closed", "half_open", "open"].map(
    (state) =>
      `e.c.circuit_breaker.status {circuit} entra circuit=${state} resilience=shop: ${state === circuit ? 1 : 0}`,
  );
  return [
    `e.c.retry_budget.remaining {retry} entra resilience=shop: ${retriesLeft}`,
    ...circuits,
    ...(expires === undefined
      ? []
      : [`e.c.token.expiry.timestamp s name=shop: ${momentOf(expires)}`]),
    `e.c.cache.usage {entry} name=shop: ${tokens}`,
    `e.c.cache.limit {entry} name=shop: ${room}`,
    `e.c.token.request.active {request} name=shop state=refreshing: ${refreshing}`,
    `e.c.token.request.active {request} name=shop state=waiting: ${waiting}`,
  ];
}

function momentOf(time: string): string {
  return time === "never" ? "0" : new Date(`2026-03-01T${time}Z`).toISOString();
}
