import type { RequestRecord } from "../../testing/index.ts";
import { grouped } from "../quantity.ts";
import type { Stage } from "./stage.ts";
import type { Story } from "./story.ts";
import type { Answered } from "./tally.ts";

/** The requests of one tenant that ended alike, as the authority counted them. */
interface SentRow {
  readonly tenant: string;
  readonly result: string;
  readonly requests: number;
}

/** The sums of the story. */
export interface Totals {
  readonly sent: {
    readonly byResult: readonly SentRow[];
    readonly requests: number;
    readonly assertions: number;
    readonly tokens: number;
  };
  readonly answered: Answered & { readonly calls: number };
}

/** Adds up what both sides counted, prints it, and claims that the two agree. */
export function close({ authority, tally }: Stage, story: Story): Totals {
  story.page.rule();
  story.open({
    id: "totals",
    title: "What it came to",
    plot:
      "Requests as the authority counted them, and calls as the demo counted them. The rows " +
      "'sent' and 'calls' of all chapters add up to the totals.",
  });
  const { requests } = authority;
  const byResult = rowsOf(requests);
  printSent(byResult, requests.length, story);
  printAnswered(tally.answered, story);
  story.page.blank();

  const { assertionCount: assertions, tokens, calls, answered } = tally;
  story.check(
    `${grouped(requests.length)} requests carried ${grouped(assertions)} assertions, tenant by tenant`,
    {
      holds: agree(
        countBy(requests, ({ tenantId }) => tenantId),
        tally.assertions,
      ),
    },
  );
  const issued = requests.filter(isIssued).length;
  story.check(`${grouped(issued)} tokens issued, ${grouped(tokens)} received`, {
    holds: issued === tokens,
  });
  story.check(`${grouped(calls)} calls made, ${grouped(sum(answered))} answered`, {
    holds: calls === sum(answered),
  });
  return {
    sent: { byResult, requests: requests.length, assertions, tokens },
    answered: { ...answered, calls },
  };
}

function printSent(rows: readonly SentRow[], total: number, { page }: Story): void {
  page.tableRow({ cells: ["Sent"], amount: "requests", strong: true });
  for (const { tenant, result, requests } of rows) {
    page.tableRow({ cells: [tenant, result], amount: grouped(requests) });
  }
  page.tableRow({ cells: ["total"], amount: grouped(total), strong: true });
}

function printAnswered(answered: Answered, { page }: Story): void {
  const rows: readonly (readonly [string, number])[] = [
    ["from the cache, without waiting", answered.cache],
    ["from a request that another made", answered.shared],
    ["from a request of its own", answered.authority],
    ["refused, as the authority answered", answered.refused],
    ["refused, as remembered from that answer", answered.remembered],
    ["refused, as the tenant is not allowed", answered.tenantNotAllowed],
  ];
  page.blank();
  page.tableRow({ cells: ["Answered"], amount: "calls", strong: true });
  for (const [source, calls] of rows) page.tableRow({ cells: [source], amount: grouped(calls) });
  page.tableRow({ cells: ["total"], amount: grouped(sum(answered)), strong: true });
}

function rowsOf(requests: readonly RequestRecord[]): readonly SentRow[] {
  const counts = countBy(requests, (request) => `${request.tenantId}\n${resultOf(request)}`);
  return [...counts].map(([key, number]) => {
    const [tenant = "", result = ""] = key.split("\n");
    return { tenant, result, requests: number };
  });
}

function resultOf(request: RequestRecord): string {
  if (isIssued(request)) return "token issued";
  return request.status < 500 ? `refused (${request.status})` : `unavailable (${request.status})`;
}

function isIssued({ status }: RequestRecord): boolean {
  return status === 200;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function agree(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([key, number]) => other.get(key) === number);
}

function sum(answered: Answered): number {
  return Object.values(answered).reduce((total, calls) => total + calls, 0);
}
