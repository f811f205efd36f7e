import { randomUUID } from "node:crypto";
import type { createResilience } from "../../src/index.ts";
import { turn } from "../endurance/turn.ts";
import type { Flight, Ledger, Post } from "./ledger.ts";
import { inCall, inPost } from "./whereabouts.ts";

type Resilience = ReturnType<typeof createResilience>;
type Run = Parameters<Resilience["run"]>;
type Attempt = Parameters<Run[0]>[0];

/**
 * A guard that counts: each `run` is a flight, each `guard` a request, and it hears of the retries.
 *
 * It begins each flight a turn late, so that whatever is over within its own turn did not wait.
 */
export function countedResilience(inner: Resilience, name: string, ledger: Ledger): Resilience {
  inner.onCircuitChange(({ state }) => {
    ledger.transitions.add({ "entra.credential.resilience.name": name, state });
  });
  return {
    name,
    circuit: (origin) => inner.circuit(origin),
    retriesLeft: (origin) => inner.retriesLeft?.(origin),
    onCircuitChange: (listener) => inner.onCircuitChange(listener),
    run: async (operation, options) => {
      const call = inCall.getStore();
      if (call === undefined) throw new Error("a flight that no call of the load began");
      const flight = ledger.flightBegan(call);
      await turn();
      try {
        const result = await inner.run(
          (attempt) => operation({ ...attempt, guard: countedGuard(attempt, flight, ledger) }),
          {
            ...options,
            onRetry: (retry) => {
              ledger.retryTold(flight, retry.reason);
              options.onRetry(retry);
            },
          },
        );
        ledger.flightLanded(flight);
        return result;
      } catch (error) {
        ledger.flightFailed(flight, error);
        throw error;
      }
    },
  };
}

function countedGuard(attempt: Attempt, flight: Flight, ledger: Ledger): Attempt["guard"] {
  return async (send) => {
    let post: Post | undefined;
    try {
      const result = await attempt.guard((signal) => {
        post = begunPost(flight, attempt.number > 1);
        ledger.posts.push(post);
        return inPost.run(post, () => send(signal));
      });
      if (post !== undefined) ledger.postEnded(post);
      return result;
    } catch (error) {
      if (post !== undefined) ledger.postEnded(post, error);
      throw error;
    }
  };
}

function begunPost(flight: Flight, isRetry: boolean): Post {
  return { id: randomUUID(), flight, isRetry, answer: undefined, isOver: false };
}
