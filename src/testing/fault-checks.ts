import { nearest } from "../domain/nearest.ts";
import type { Fault, TimedFault } from "./fault.ts";
import { KINDS, type MemberRules, SCOPE, TIMES } from "./fault-members.ts";
import { checkObject, kindOf } from "./input-checks.ts";

/** A copy of a fault, or a `TypeError` or `RangeError` that names the member at fault, such as `fault.status`. */
export function readFault(name: string, value: unknown): Fault {
  checkFault(name, value);
  return Object.freeze({ ...value });
}

/** As `readFault`, for a fault of a timeline. */
export function readTimedFault(name: string, value: unknown): TimedFault {
  checkTimedFault(name, value);
  return Object.freeze({ ...value });
}

/** Throws a `TypeError` when `value` has a member that is not `known`, and names the one that may be meant. */
export function refuseUnknown(name: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown === undefined) return;
  throw new TypeError(`${name} has no member '${unknown}'${suggestion(unknown, known)}`);
}

function checkFault(name: string, value: unknown): asserts value is Fault {
  const fault = checkObject(name, value);
  checkRules(name, fault, { ...KINDS[checkKind(name, fault)], ...SCOPE });
}

function checkTimedFault(name: string, value: unknown): asserts value is TimedFault {
  const fault = checkObject(name, value);
  checkRules(name, fault, { ...KINDS[checkKind(name, fault)], ...SCOPE, ...TIMES });
}

function checkKind(name: string, fault: object): keyof typeof KINDS {
  const kind: unknown = "kind" in fault ? fault.kind : undefined;
  if (typeof kind !== "string") {
    throw new TypeError(`${name}.kind must be a string, not ${kindOf(kind)}`);
  }
  if (isKind(kind)) return kind;
  throw new RangeError(`${name}.kind is '${kind}'${suggestion(kind, Object.keys(KINDS))}`);
}

function isKind(kind: string): kind is keyof typeof KINDS {
  return Object.hasOwn(KINDS, kind);
}

function checkRules(name: string, fault: object, rules: MemberRules): void {
  refuseUnknown(name, fault, ["kind", ...Object.keys(rules)]);
  const members = new Map(Object.entries(fault));
  for (const [member, { required, check }] of Object.entries(rules)) {
    const value: unknown = members.get(member);
    if (value !== undefined) check(`${name}.${member}`, value);
    else if (required) throw new TypeError(`${name}.${member} is missing`);
  }
  checkWait(name, members);
}

/** A form of the wait is for a wait, and two of them have whole seconds only. */
function checkWait(name: string, members: ReadonlyMap<string, unknown>): void {
  const wait = members.get("retryAfterS");
  const form = members.get("form");
  if (wait === undefined && form !== undefined) {
    throw new TypeError(
      `${name}.form is there without ${name}.retryAfterS, whose form it would be`,
    );
  }
  if (wait === undefined || Number.isInteger(wait) || String(form).endsWith("-ms")) return;
  throw new RangeError(
    `${name}.retryAfterS must be whole in the form "${form ?? "seconds"}", not ${wait}`,
  );
}

function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? `; it knows ${known.join(", ")}` : `; did you mean '${meant}'?`;
}
