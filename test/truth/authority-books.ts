import type { RequestRecord } from "../../src/testing/index.ts";
import type { Post } from "./ledger.ts";
import { Tally } from "./tally.ts";

/** What the authority's records say of the requests that were made. */
export interface Books {
  /** The requests by the status that the authority recorded, without one where no whole answer arrived. */
  readonly byStatus: Tally;
  /** Requests of which the authority knows nothing. */
  readonly neverSeen: number;
  /** Where the authority's record and the answer differ. */
  readonly contradictions: readonly string[];
}

/** Finds the authority's record of each request by the id that it was sent with. */
export function reconciled(posts: readonly Post[], requests: readonly RequestRecord[]): Books {
  const records = new Map(requests.map((record) => [record.correlationId, record]));
  const byStatus = new Tally();
  const contradictions: string[] = [];
  let neverSeen = 0;
  for (const { id, answer } of posts) {
    const record = records.get(id);
    if (record === undefined) neverSeen += 1;
    if (answer === undefined) {
      byStatus.add({});
      continue;
    }
    byStatus.add(record === undefined ? {} : { status: record.status });
    if (answer.status !== record?.status) {
      contradictions.push(`${answer.status} arrived, and the record says ${record?.status}`);
    }
  }
  return { byStatus, neverSeen, contradictions };
}
