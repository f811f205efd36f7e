import { posix } from "node:path";
import { type Sources, withoutComments } from "./sources.ts";

export interface Import {
  /** As written: a package, a `node:` module or a relative path. */
  readonly specifier: string;
  /** `type` leaves nothing at run time; `dynamic` loads when it is reached. */
  readonly kind: "static" | "type" | "dynamic";
}

const FROM = /^(?:import|export)\s+([^;"'`]*?)\s*\bfrom\s*["']([^"']+)["']/gm;
const SIDE_EFFECT = /^import\s*["']([^"']+)["']/gm;
const CALL = /(\btypeof\s+)?\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g;

/** Every import, re-export, dynamic import and `require` of a source text. */
export function importsOf(source: string): readonly Import[] {
  const code = withoutComments(source);
  return [
    ...[...code.matchAll(FROM)].map(([, names = "", specifier = ""]) => ({
      specifier,
      kind: isTypeOnly(names) ? ("type" as const) : ("static" as const),
    })),
    ...[...code.matchAll(SIDE_EFFECT)].map(([, specifier = ""]) => ({
      specifier,
      kind: "static" as const,
    })),
    ...[...code.matchAll(CALL)].map(([, type, specifier = ""]) => ({
      specifier,
      kind: type === undefined ? ("dynamic" as const) : ("type" as const),
    })),
  ];
}

/** An import of one file of the project by another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: Import["kind"];
}

export function arrows(sources: Sources): readonly Arrow[] {
  return [...sources].flatMap(([from, source]) =>
    importsOf(source)
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier, kind }) => ({ from, to: resolved(from, specifier), kind })),
  );
}

/** An import of something outside the project. */
export interface ForeignImport extends Import {
  readonly from: string;
  /** The package, or `node:` for a module of Node. */
  readonly name: string;
}

export function foreignImports(sources: Sources): readonly ForeignImport[] {
  return [...sources].flatMap(([from, source]) =>
    importsOf(source)
      .filter(({ specifier }) => !specifier.startsWith("."))
      .map((found) => ({ ...found, from, name: packageOf(found.specifier) })),
  );
}

function resolved(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

function isTypeOnly(names: string): boolean {
  if (/^type\s+[{*\w]/.test(names)) return true;
  const braces = /^\{([\s\S]*)\}$/.exec(names)?.[1];
  const members = braces?.split(",").map((member) => member.trim()) ?? [];
  const named = members.filter((member) => member !== "");
  return named.length > 0 && named.every((member) => member.startsWith("type "));
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return "node:";
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}
