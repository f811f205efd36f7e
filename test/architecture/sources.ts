import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Source texts by path from the root of the project, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** All TypeScript files below folders of the project. */
export function readSources(...folders: readonly string[]): Sources {
  const paths = folders.flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(`${ROOT}${path}`, "utf8")]));
}

/** The text without comments that begin a line. Others stay, since a string may look like one. */
export function withoutComments(source: string): string {
  return source.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, "").replace(/^[ \t]*\/\/.*$/gm, "");
}
