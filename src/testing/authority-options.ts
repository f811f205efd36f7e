import { type AuthorityBehavior, BEHAVIOR_OPTIONS, readSettings } from "./authority-settings.ts";
import { checkInteger, checkMembers, kindOf } from "./input-checks.ts";
import type { ServerIdentity } from "./listener.ts";

/** How an authority is reached, which tenants it has and how it behaves. */
export interface LocalAuthorityOptions extends AuthorityBehavior {
  /**
   * `true` makes a certificate for `localhost`, `127.0.0.1` and `::1` on the spot.
   *
   * @defaultValue false: plain HTTP
   */
  readonly tls?: boolean | ServerIdentity;
  /** @defaultValue 0: one that is free */
  readonly port?: number;
  /** The tenants that exist; without it every tenant does. */
  readonly tenants?: readonly string[];
  /**
   * Where injected faults take chance from: gives 0 to 1, without 1. A generator with a seed makes
   * a run repeatable.
   *
   * @defaultValue `Math.random`
   */
  readonly chance?: () => number;
}

/** Returns `options`, or throws a `TypeError` or `RangeError` that names the option at fault. */
export function checkOptions(options: LocalAuthorityOptions): LocalAuthorityOptions {
  checkMembers("options", options, ["tls", "port", "tenants", "chance", ...BEHAVIOR_OPTIONS]);
  checkInteger("port", options.port ?? 0, { min: 0, max: 65_535 });
  if (options.chance !== undefined && typeof options.chance !== "function") {
    throw new TypeError(`chance must be a function, not ${kindOf(options.chance)}`);
  }
  readSettings(options, "");
  return options;
}
