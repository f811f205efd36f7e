import { readJson } from "../domain/json-text.ts";
import type { FaultTimeline, TimedFault } from "./fault.ts";
import { readTimedFault, refuseUnknown } from "./fault-checks.ts";
import { LAST_SECOND } from "./fault-members.ts";
import { checkObject, checkText, kindOf } from "./input-checks.ts";

/**
 * Reads a timeline from a JSON text, or from a value that was parsed already. Returns a frozen copy.
 *
 * @throws TypeError or RangeError that names what is wrong: the position in the text, or the
 * member, such as `faults[2].status`.
 */
export function parseTimeline(json: unknown): FaultTimeline {
  const timeline = checkObject("the timeline", typeof json === "string" ? parseText(json) : json);
  refuseUnknown("the timeline", timeline, ["name", "faults"]);

  const name: unknown = "name" in timeline ? timeline.name : undefined;
  const faults = readFaults("faults" in timeline ? timeline.faults : undefined);
  if (name === undefined) return Object.freeze({ faults });
  return Object.freeze({ name: checkText("name", name), faults });
}

function parseText(text: string): unknown {
  // RFC 8259 section 8.1 allows a reader to ignore a byte order mark.
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch {
    throw new TypeError(`the timeline is not JSON: ${faultOf(json)}`);
  }
}

// The platform tells the position of some faults only.
function faultOf(json: string): string {
  const read = readJson(json);
  const at = "fault" in read ? read.fault : json.length;
  const lines = json.slice(0, at).split("\n");
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return at >= json.length ? `it ends too early, at ${place}` : `the fault is at ${place}`;
}

function readFaults(faults: unknown): readonly TimedFault[] {
  if (!Array.isArray(faults)) throw new TypeError(`faults must be an array, not ${kindOf(faults)}`);
  return Object.freeze(
    faults.map((fault: unknown, index) => readWithin(`faults[${index}]`, fault)),
  );
}

function readWithin(name: string, value: unknown): TimedFault {
  const fault = readTimedFault(name, value);
  const endS = fault.atS + (fault.forS ?? 0);
  if (endS <= LAST_SECOND) return fault;
  throw new RangeError(`${name} ends after ${endS} s; a timeline lasts ${LAST_SECOND} s at most`);
}
