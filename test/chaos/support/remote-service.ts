import type { ClientAssertionCredentialOptions } from "../../../src/index.ts";
import type { Access } from "./authority.ts";
import { type Launch, startChild } from "./child.ts";
import type { Service } from "./service.ts";

/** What the script of a service is told at its start. */
export interface ServiceHandover extends Access {
  /** Of both its credentials. */
  readonly options: ClientAssertionCredentialOptions;
}

/** What a service is asked to do. */
export type Order = {
  [Name in keyof Service]: { readonly ask: Name; readonly with: Parameters<Service[Name]> };
}[keyof Service];

/** What came of an order. */
export interface Answer {
  readonly id: number;
  /** As JSON; null for nothing. */
  readonly result: string;
}

/** A service in a process of its own, which ends when it is disposed of. */
export interface RemoteService extends Service, AsyncDisposable {}

const SCRIPT = new URL("../scripts/service.ts", import.meta.url);

/** Starts one. Its orders may overlap. */
export function startService(
  handover: ServiceHandover,
  launch: Pick<Launch, "within" | "env"> = {},
): RemoteService {
  const child = startChild({ script: SCRIPT, handover, ...launch });
  const waiting = new Map<number, (result: string) => void>();
  let orders = 0;

  const answers = async (): Promise<never> => {
    for (;;) {
      const { id, result } = await child.hear<Answer>();
      waiting.get(id)?.(result);
    }
  };
  const over = answers();
  // Reaches those who wait for an answer; if nobody does, the end was wanted.
  over.catch(() => {});

  const give = async <Result>(order: Order): Promise<Result> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    orders += 1;
    waiting.set(orders, resolve);
    child.tell({ id: orders, ...order });
    return JSON.parse(await Promise.race([promise, over]));
  };
  return {
    warmUp: () => give({ ask: "warmUp", with: [] }),
    untilDue: () => give({ ask: "untilDue", with: [] }),
    call: (span) => give({ ask: "call", with: [span] }),
    untilNewer: (withinMs) => give({ ask: "untilNewer", with: [withinMs] }),
    callCold: (callers) => give({ ask: "callCold", with: [callers] }),
    untilServedCold: (withinMs) => give({ ask: "untilServedCold", with: [withinMs] }),
    [Symbol.asyncDispose]: child[Symbol.asyncDispose],
  };
}
