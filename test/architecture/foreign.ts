import { arrows, foreignImports } from "./imports.ts";
import type { Sources } from "./sources.ts";

interface Home {
  readonly name: RegExp;
  /** The only files that may import it. */
  readonly files: RegExp;
  /** Nothing of it may remain at run time. */
  readonly typesOnly?: boolean;
}

const SIGNING = /^src\/(?:assertions|testing|cli)\//;

// What is not in this list may be imported nowhere.
const HOMES: readonly Home[] = [
  { name: /^got$/, files: /^src\/adapters\/got-token-endpoint\.ts$/ },
  {
    name: /^cockatiel$/,
    files: /^src\/adapters\/(?:cockatiel-resilience|origin-circuit)\.ts$/,
  },
  { name: /^lru-cache$/, files: /^src\/adapters\/lru-token-cache\.ts$/ },
  { name: /^@opentelemetry\/api$/, files: /^src\/(?:adapters\/otel-|sdk\/)/ },
  { name: /^@opentelemetry\/sdk-node$/, files: /^src\/sdk\/load-node-sdk\.ts$/ },
  { name: /^@azure\/logger$/, files: /^src\/adapters\/azure-log\.ts$/ },
  { name: /^jose$/, files: SIGNING },
  { name: /^@peculiar\/x509$/, files: SIGNING },
  { name: /^@azure\/core-auth$/, files: /^src\//, typesOnly: true },
  { name: /^node:$/, files: /^src\/(?!domain\/|protocol\/|core\/)/ },
];

/** Imports from outside the project in files where they have no home. */
export function misplacedForeignImports(sources: Sources): readonly string[] {
  return foreignImports(sources).flatMap(({ from, specifier, name, kind }) => {
    const home = HOMES.find((known) => known.name.test(name));
    if (home === undefined || !home.files.test(from)) {
      return [`${from} imports ${specifier}, which has no place there`];
    }
    const remains = home.typesOnly === true && kind !== "type";
    return remains ? [`${from} imports more than types from ${specifier}`] : [];
  });
}

// Loaded when it is needed, or by a subpath that says so: never by the main entry itself.
const NOT_FOR_ALL = [/^got$/, /^jose$/, /^@peculiar\/x509$/, /^@opentelemetry\/(?!api$)/];

/**
 * What the main entry reaches by static imports and must not. Types count too: the
 * declarations would want the package.
 */
export function reachedTooEarly(sources: Sources, entry: string): readonly string[] {
  const found: string[] = [];
  for (const { path, trail } of reachable(sources, entry)) {
    const names = foreignImports(new Map([[path, sources.get(path) ?? ""]]))
      .filter(({ kind, name }) => kind !== "dynamic" && NOT_FOR_ALL.some((of) => of.test(name)))
      .map(({ specifier }) => specifier);
    found.push(...names.map((name) => [...trail, path, name].join(" -> ")));
  }
  return found;
}

function reachable(sources: Sources, entry: string) {
  const found = [{ path: entry, trail: [] as readonly string[] }];
  const known = new Set([entry]);
  for (const { path, trail } of found) {
    const next = arrows(new Map([[path, sources.get(path) ?? ""]]));
    for (const { to, kind } of next) {
      if (kind === "dynamic" || known.has(to)) continue;
      known.add(to);
      found.push({ path: to, trail: [...trail, path] });
    }
  }
  return found;
}
