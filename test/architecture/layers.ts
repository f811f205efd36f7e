import { type Arrow, arrows } from "./imports.ts";
import type { Sources } from "./sources.ts";

interface Layer {
  readonly name: string;
  /** An arrow points from a higher rank to a lower one, or stays within its layer. */
  readonly rank: number;
  readonly files: RegExp;
}

const LAYERS: readonly Layer[] = [
  { name: "domain", rank: 0, files: /^src\/domain\// },
  { name: "protocol", rank: 1, files: /^src\/protocol\// },
  // Subpaths of their own, ranked so low because they build on the domain alone.
  { name: "sdk", rank: 1, files: /^src\/sdk\// },
  { name: "core", rank: 2, files: /^src\/core\// },
  { name: "adapters", rank: 3, files: /^src\/adapters\// },
  { name: "stores", rank: 3, files: /^src\/stores\// },
  { name: "assertions", rank: 3, files: /^src\/assertions\// },
  { name: "telemetry", rank: 3, files: /^src\/telemetry\// },
  {
    name: "options",
    rank: 3,
    files: /^src\/(?:options\/.*|version)\.ts$/,
  },
  { name: "compose", rank: 4, files: /^src\/compose(?:-telemetry)?\.ts$/ },
  {
    name: "faces",
    rank: 5,
    files: /^src\/(?:credential|create-resilience|resilient|bearer-token-provider)\.ts$/,
  },
  { name: "index", rank: 6, files: /^src\/index\.ts$/ },
  { name: "testing", rank: 6, files: /^src\/testing\// },
  { name: "cli", rank: 7, files: /^src\/cli\// },
];

const OTEL = /^src\/adapters\/otel-/;

// Between layers of one rank, only what telemetry is made from: its words, and who speaks them.
const SIBLINGS: readonly { readonly from: RegExp; readonly to: RegExp }[] = [
  { from: /^src\/adapters\/(?:otel-|azure-log\.ts$)/, to: /^src\/telemetry\// },
  { from: /^src\/options\/telemetry-options\.ts$/, to: /^src\/telemetry\// },
  { from: /^src\/compose-telemetry\.ts$/, to: /^src\/telemetry\// },
  { from: OTEL, to: /^src\/version\.ts$/ },
  { from: /^src\/telemetry\//, to: /^src\/version\.ts$/ },
];

// An adapter knows no other adapter, save the parts it was split into.
const FAMILIES: readonly { readonly from: RegExp; readonly to: RegExp }[] = [
  { from: OTEL, to: OTEL },
  {
    from: /^src\/adapters\/got-token-endpoint\.ts$/,
    to: /^src\/adapters\/(?:quiet-agents|transport-error)\.ts$/,
  },
  {
    from: /^src\/adapters\/(?:cockatiel-resilience|origin-guard)\.ts$/,
    to: /^src\/adapters\/(?:origin-guard|origin-circuit|retry-plan|retry-budget|recovery-ramp|request-queue)\.ts$/,
  },
];

// Further than the ranks go: who may know a layer at all, and whom a layer may not know.
const KNOWN_ONLY_TO: Readonly<Record<string, readonly string[]>> = {
  adapters: ["compose"],
  compose: ["faces"],
  sdk: [],
};
const MUST_NOT_KNOW: Readonly<Record<string, readonly string[]>> = {
  assertions: ["core"],
  testing: ["core"],
};

/** Files that belong to no layer, and arrows between files that point the wrong way. */
export function layerFaults(sources: Sources): readonly string[] {
  const homeless = [...sources.keys()]
    .filter((path) => layerOf(path) === undefined)
    .map((path) => `${path} belongs to no layer`);
  const wrong = arrows(sources).flatMap((arrow) => {
    const why = whyWrong(arrow);
    return why === undefined ? [] : [`${arrow.from} imports ${arrow.to}: ${why}`];
  });
  return [...homeless, ...wrong];
}

/** Circles of files that import each other, each told once. */
export function cycles(sources: Sources): readonly string[] {
  const targets = Map.groupBy(arrows(sources), ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];

  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const { to } of targets.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

/** Imports of files that do not exist. */
export function danglingImports(sources: Sources): readonly string[] {
  return arrows(sources)
    .filter(({ to }) => !sources.has(to))
    .map(({ from, to }) => `${from} imports ${to}, which is not there`);
}

function whyWrong({ from, to }: Arrow): string | undefined {
  const [source, target] = [layerOf(from), layerOf(to)];
  if (source === undefined || target === undefined) return undefined;
  const pair = `${source.name} must not know ${target.name}`;

  if (source.name === target.name) {
    if (source.name !== "adapters" || isListed({ from, to }, FAMILIES)) return undefined;
    return "an adapter must not know another";
  }
  if (isListed({ from, to }, SIBLINGS)) return undefined;
  if (source.rank <= target.rank || target.name === "telemetry") return pair;
  if (MUST_NOT_KNOW[source.name]?.includes(target.name)) return pair;
  return (KNOWN_ONLY_TO[target.name]?.includes(source.name) ?? true) ? undefined : pair;
}

function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.test(path));
}

function isListed(
  { from, to }: Pick<Arrow, "from" | "to">,
  list: readonly { readonly from: RegExp; readonly to: RegExp }[],
): boolean {
  return list.some((allowed) => allowed.from.test(from) && allowed.to.test(to));
}
