import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const programs = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

const SOURCES: Readonly<Record<string, string>> = {
  affiant: "src/index.ts",
  "affiant/assertions": "src/assertions/index.ts",
  "affiant/testing": "src/testing/index.ts",
};

test("the README shows a use and a test of one's own", () => {
  expect(programs).toHaveLength(2);
});

test.each(programs)("a program of the README runs as it stands: %#", async (program) => {
  // The package's own names stand for its sources here; all else is as printed.
  const code = program.replaceAll(/from "(affiant[^"]*)"/g, (_, name: string) => {
    const source = SOURCES[name];
    if (source === undefined) throw new Error(`the README imports ${name}, which is no entry`);
    return `from ${JSON.stringify(new URL(source, root).href)}`;
  });

  const ended = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", code],
    {
      cwd: fileURLToPath(root),
      timeout: 20_000,
      env: {
        ...process.env,
        AZURE_TENANT_ID: "contoso.example",
        AZURE_CLIENT_ID: "a-client",
        AZURE_FEDERATED_TOKEN_FILE: "/nowhere",
      },
    },
  );

  expect(ended.stderr).toBe("");
});

test("each file that the README links to is there", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);

  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test("each error of the README is one that the package exports", async () => {
  const exported = await import("../../src/index.ts");
  const rows = [...readme.matchAll(/^\| `(\w+Error)` \| `(ERR_\w+)` \|/gm)];

  expect(rows).toHaveLength(10);
  for (const [, name = ""] of rows) expect(exported).toHaveProperty(name);
});
