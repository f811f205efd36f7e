import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { TENANT } from "../../support/credentials.ts";
import type { Fleet } from "./fleet.ts";

/** As long as an authority's own limits look back. */
export const BIN_MS = 10_000;

/** A thousand processes that a deployment starts in one second, with the product's defaults and tokens of an hour. */
export const THOUSAND: Fleet = {
  processes: 1_000,
  startedWithinMs: 1_000,
  lifetimeMs: 3_600_000,
  renewals: 6,
  rules: resolveOptions(TENANT, {}, {}).refresh,
  seed: 1,
};
