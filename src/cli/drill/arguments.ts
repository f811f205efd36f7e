import { parseArgs } from "node:util";
import { nearest } from "../../domain/nearest.ts";
import { checkedArguments } from "../checked-arguments.ts";
import { UsageError } from "../usage-error.ts";

/** What the drill was told on the command line. */
export interface DrillArguments {
  readonly format: "text" | "json";
  readonly task: DrillTask;
}

/** What is to be done. */
type DrillTask = { readonly kind: "list" } | TimelineTask | ScenariosTask;

/** Plays a file of the user's own. */
export interface TimelineTask {
  readonly kind: "timeline";
  readonly file: string;
}

/** Plays scenarios. */
export interface ScenariosTask {
  readonly kind: "scenarios";
  /** In the order in which they were named; empty for all. */
  readonly only: readonly string[];
  /** How long each fault lasts. */
  readonly seconds: number;
  readonly compare: boolean;
}

const SECONDS = 10;
const QUICK_SECONDS = 2;
const MOST_SECONDS = 60;

/** @throws UsageError when an option is unknown, lacks its value or contradicts another. */
export function readArguments(args: readonly string[]): DrillArguments {
  const { values, positionals } = checkedArguments(
    () => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true }),
    Object.keys(OPTIONS),
  );
  const { json = false, list = false, only = [], timeline } = values;
  const names = [...only.flatMap((names) => names.split(",")), ...positionals];
  refuseContradictions(values, names);
  const format = json ? "json" : "text";
  if (list) return { format, task: { kind: "list" } };
  if (timeline !== undefined) return { format, task: { kind: "timeline", file: timeline } };
  const { quick = false, compare = false } = values;
  const seconds = readSeconds(values.seconds, quick);
  return { format, task: { kind: "scenarios", only: names, seconds, compare } };
}

/** @throws UsageError when there is no scenario of that name. */
export function checkNames(names: readonly string[], known: readonly string[]): void {
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const hint = meant === undefined ? "--list shows them all." : `Did you mean ${meant}?`;
    throw new UsageError(`unknown scenario '${name}'. ${hint}`);
  }
}

const OPTIONS = {
  json: { type: "boolean" },
  list: { type: "boolean" },
  only: { type: "string", multiple: true },
  seconds: { type: "string" },
  quick: { type: "boolean" },
  compare: { type: "boolean" },
  timeline: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

// Each of them decides alone what is done.
const DECISIVE = ["list", "timeline"];

function refuseContradictions(values: object, names: readonly string[]): void {
  const given = Object.keys(values).filter((name) => name !== "json" && name !== "help");
  for (const decisive of DECISIVE.filter((name) => given.includes(name))) {
    const other = given.find((name) => name !== decisive);
    if (other !== undefined)
      throw new UsageError(`--${decisive} and --${other} exclude each other.`);
    if (names.length > 0) throw new UsageError(`--${decisive} takes no names of scenarios.`);
  }
  if (given.includes("quick") && given.includes("seconds")) {
    throw new UsageError("--quick and --seconds exclude each other.");
  }
}

function readSeconds(text: string | undefined, quick: boolean): number {
  if (text === undefined) return quick ? QUICK_SECONDS : SECONDS;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  throw new UsageError(`--seconds needs a whole number from 1 to ${MOST_SECONDS}, not '${text}'.`);
}
