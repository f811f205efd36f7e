import { AsyncLocalStorage } from "node:async_hooks";
import type { Call, Post } from "./ledger.ts";

/** The call that the code runs in, as far as the load's own ports can tell. */
export const inCall: AsyncLocalStorage<Call> = new AsyncLocalStorage();

/** The token request that the code runs in. */
export const inPost: AsyncLocalStorage<Post> = new AsyncLocalStorage();
