import { describe, expect, test } from "vitest";
import { misplacedForeignImports } from "./foreign.ts";
import { foreignImports, importsOf } from "./imports.ts";
import { cycles, danglingImports, layerFaults } from "./layers.ts";
import type { Sources } from "./sources.ts";

// Each check against files that are made up, so that it is known to be able to fail.

/** A project of two files, where the first imports the second. */
function pair(from: string, to: string): Sources {
  const up = "../".repeat(from.split("/").length - 1);
  return new Map([
    [from, `import type { Thing } from "${up}${to}";\n`],
    [to, "export type Thing = string;\n"],
  ]);
}

function file(path: string, source: string): Sources {
  return new Map([[path, source]]);
}

describe("imports are read in every form", () => {
  test.each([
    ['import { a } from "x";', "static"],
    ['import {\n  a,\n  type B,\n} from "x";', "static"],
    ['import a, { b } from "x";', "static"],
    ['import * as a from "x";', "static"],
    ['import "x";', "static"],
    ['export { a } from "x";', "static"],
    ['export * from "x";', "static"],
    ["import { a } from 'x';", "static"],
    ['import type { A } from "x";', "type"],
    ['import { type A, type B } from "x";', "type"],
    ['import {\n  type A,\n  type B,\n} from "x";', "type"],
    ['export type { A } from "x";', "type"],
    ['export type * from "x";', "type"],
    ['let a: typeof import("x");', "type"],
    ['  const { default: a } = await import("x");', "dynamic"],
    ['  return require("x");', "dynamic"],
  ])("%j is %s", (source, kind) => {
    expect(importsOf(source)).toEqual([{ specifier: "x", kind }]);
  });

  test.each([
    ['// import { a } from "x";'],
    ['/**\n * import { a } from "x";\n * await import("x")\n */'],
    ['export const from = "x";'],
    ['const text = "import";'],
  ])("%j is none", (source) => {
    expect(importsOf(source)).toEqual([]);
  });

  test("a comment in a string hides nothing", () => {
    const source = 'const accept = "*/*";\nimport { a } from "x";\nconst all = "*/*";\n';

    expect(importsOf(source)).toEqual([{ specifier: "x", kind: "static" }]);
  });

  test("a package is known by its name, whatever of it is imported", () => {
    const source = ['import "@a/b/c";', 'import "d/e.js";', 'import "node:fs/promises";'].join(
      "\n",
    );

    const names = foreignImports(file("src/core/a.ts", source)).map(({ name }) => name);

    expect(names).toEqual(["@a/b", "d", "node:"]);
  });
});

describe("an arrow that points the wrong way is reported", () => {
  test.each([
    ["src/domain/a.ts", "src/protocol/b.ts"],
    ["src/domain/a.ts", "src/core/b.ts"],
    ["src/protocol/a.ts", "src/core/b.ts"],
    ["src/core/a.ts", "src/adapters/b.ts"],
    ["src/core/a.ts", "src/options/credential-options.ts"],
    ["src/core/a.ts", "src/telemetry/registry.ts"],
    ["src/adapters/got-token-endpoint.ts", "src/options/resolve-options.ts"],
    ["src/adapters/got-token-endpoint.ts", "src/version.ts"],
    ["src/adapters/got-token-endpoint.ts", "src/adapters/lru-token-cache.ts"],
    ["src/adapters/quiet-agents.ts", "src/adapters/got-token-endpoint.ts"],
    ["src/adapters/lru-token-cache.ts", "src/telemetry/registry.ts"],
    ["src/telemetry/registry.ts", "src/options/credential-options.ts"],
    ["src/adapters/otel-observer.ts", "src/adapters/system-clock.ts"],
    ["src/adapters/a.ts", "src/compose.ts"],
    ["src/options/credential-options.ts", "src/compose.ts"],
    ["src/options/credential-options.ts", "src/adapters/a.ts"],
    ["src/compose.ts", "src/credential.ts"],
    ["src/compose.ts", "src/telemetry/registry.ts"],
    ["src/credential.ts", "src/adapters/a.ts"],
    ["src/credential.ts", "src/index.ts"],
    ["src/index.ts", "src/adapters/a.ts"],
    ["src/index.ts", "src/compose.ts"],
    ["src/index.ts", "src/testing/index.ts"],
    ["src/index.ts", "src/cli/main.ts"],
    ["src/testing/index.ts", "src/index.ts"],
    ["src/testing/index.ts", "src/core/ports.ts"],
    ["src/testing/index.ts", "src/adapters/a.ts"],
    ["src/testing/index.ts", "src/cli/main.ts"],
    ["src/assertions/index.ts", "src/core/ports.ts"],
    ["src/assertions/index.ts", "src/adapters/a.ts"],
    ["src/assertions/index.ts", "src/options/credential-options.ts"],
    ["src/cli/main.ts", "src/adapters/a.ts"],
    ["src/stores/a.ts", "src/adapters/a.ts"],
    ["src/sdk/a.ts", "src/options/credential-options.ts"],
    ["src/index.ts", "src/sdk/a.ts"],
  ])("%s -> %s", (from, to) => {
    expect(layerFaults(pair(from, to))).toEqual([
      expect.stringContaining(`${from} imports ${to}: `),
    ]);
  });

  test.each([
    ["src/protocol/a.ts", "src/domain/b.ts"],
    ["src/core/a.ts", "src/protocol/b.ts"],
    ["src/core/a.ts", "src/core/b.ts"],
    ["src/adapters/a.ts", "src/core/ports.ts"],
    ["src/adapters/otel-observer.ts", "src/telemetry/registry.ts"],
    ["src/adapters/otel-observer.ts", "src/adapters/otel-spans.ts"],
    ["src/adapters/otel-observer.ts", "src/version.ts"],
    ["src/telemetry/registry.ts", "src/version.ts"],
    ["src/adapters/got-token-endpoint.ts", "src/adapters/quiet-agents.ts"],
    ["src/adapters/cockatiel-resilience.ts", "src/adapters/retry-plan.ts"],
    ["src/assertions/a.ts", "src/domain/b.ts"],
    ["src/sdk/a.ts", "src/domain/b.ts"],
    ["src/options/resolve-options.ts", "src/options/credential-options.ts"],
    ["src/compose.ts", "src/adapters/a.ts"],
    ["src/credential.ts", "src/compose.ts"],
    ["src/index.ts", "src/credential.ts"],
    ["src/testing/a.ts", "src/protocol/b.ts"],
    ["src/cli/main.ts", "src/index.ts"],
    ["src/cli/main.ts", "src/testing/index.ts"],
  ])("and one that points the right way is not: %s -> %s", (from, to) => {
    expect(layerFaults(pair(from, to))).toEqual([]);
  });

  test("a file that belongs to no layer is reported", () => {
    expect(layerFaults(file("src/extra/a.ts", ""))).toEqual(["src/extra/a.ts belongs to no layer"]);
  });
});

describe("a circle is reported", () => {
  test("of two files, made of types alone", () => {
    const sources = new Map([
      ["src/core/a.ts", 'import type { B } from "./b.ts";'],
      ["src/core/b.ts", 'import type { A } from "./a.ts";'],
    ]);

    expect(cycles(sources)).toEqual(["src/core/a.ts -> src/core/b.ts -> src/core/a.ts"]);
  });

  test("of three, by a dynamic import, behind an entry", () => {
    const sources = new Map([
      ["src/index.ts", 'export { a } from "./core/a.ts";'],
      ["src/core/a.ts", 'import { b } from "./b.ts";'],
      ["src/core/b.ts", 'const c = () => import("./c.ts");'],
      ["src/core/c.ts", 'export * from "./a.ts";'],
    ]);

    expect(cycles(sources)).toEqual([
      "src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts",
    ]);
  });

  test("and two ways to one file are none", () => {
    const sources = new Map([
      ["src/core/a.ts", 'import "./b.ts";\nimport "./c.ts";'],
      ["src/core/b.ts", 'import "./c.ts";'],
      ["src/core/c.ts", ""],
    ]);

    expect(cycles(sources)).toEqual([]);
  });
});

test("an import of a file that is not there is reported", () => {
  expect(danglingImports(file("src/core/a.ts", 'import "./b.ts";'))).toEqual([
    "src/core/a.ts imports src/core/b.ts, which is not there",
  ]);
});

describe("a foreign import out of its place is reported", () => {
  test.each([
    ["src/sdk/register.ts", 'import "@opentelemetry/sdk-node";'],
    ["src/core/a.ts", 'import got from "got";'],
    ["src/core/a.ts", 'import type { LRUCache } from "lru-cache";'],
    ["src/core/a.ts", 'import { trace } from "@opentelemetry/api";'],
    ["src/core/a.ts", 'import { setTimeout } from "node:timers";'],
    ["src/protocol/a.ts", 'import { Buffer } from "node:buffer";'],
    ["src/domain/a.ts", 'import type { Socket } from "node:net";'],
    ["src/adapters/lru-token-cache.ts", 'import { retry } from "cockatiel";'],
    ["src/adapters/origin-circuit.ts", 'const got = await import("got");'],
    ["src/compose.ts", 'import { trace } from "@opentelemetry/api";'],
    ["src/adapters/otel-observer.ts", 'import "@opentelemetry/sdk-metrics";'],
    ["src/adapters/a.ts", 'import { SignJWT } from "jose";'],
    ["src/credential.ts", 'import { isTokenCredential } from "@azure/core-auth";'],
    ["src/credential.ts", 'import type { AccessToken } from "@azure/identity";'],
    ["src/cli/main.ts", 'import fs from "fs";'],
    ["src/testing/a.ts", 'import "left-pad";'],
  ])("%s: %s", (path, source) => {
    expect(misplacedForeignImports(file(path, source))).toHaveLength(1);
  });

  test.each([
    ["src/adapters/got-token-endpoint.ts", 'const got = await import("got");'],
    ["src/adapters/otel-observer.ts", 'import { trace } from "@opentelemetry/api";'],
    ["src/domain/a.ts", 'import type { AccessToken } from "@azure/core-auth";'],
    ["src/assertions/a.ts", 'import "node:crypto";'],
    ["src/testing/a.ts", 'import { SignJWT } from "jose";'],
  ])("and one in its place is not: %s: %s", (path, source) => {
    expect(misplacedForeignImports(file(path, source))).toEqual([]);
  });
});
