import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClientKeys, LocalAuthority, signAssertion } from "../../src/testing/index.ts";
import { runChild } from "./child-run.ts";
import { runHere } from "./recorded-run.ts";

const TENANT = "contoso.example";
const CLIENT = "5f3a9c1e-0000-4000-8000-000000000001";
const GRAPH = "https://graph.microsoft.com/.default";
const A_JWT = /eyJ[\w-]{20,}\./;

let authority: LocalAuthority;
let folder: string;
let files: Readonly<Record<"ca" | "pem" | "wrongPem" | "token", string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "affiant-cli-"));
  authority = await LocalAuthority.start({ tls: true });
  const [keys, wrongKeys] = await Promise.all([createClientKeys(), createClientKeys()]);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  const audience = `${authority.url}/${TENANT}/oauth2/v2.0/token`;
  files = {
    ca: await fileWith("ca.pem", authority.certificate ?? ""),
    pem: await fileWith("app.pem", keys.privateKey + keys.certificate),
    wrongPem: await fileWith("wrong.pem", wrongKeys.privateKey + wrongKeys.certificate),
    token: await fileWith("token", await signAssertion(keys, { clientId: CLIENT, audience })),
  };
});

afterAll(async () => {
  await authority.close();
  await rm(folder, { recursive: true });
});

test("with the three variables set, the demo asks the tenant they name", async () => {
  const requestsBefore = authority.requestCount;

  const { exitCode, stdout, stderr } = await runChild(
    ["demo", "--authority", authority.url, "--ca", files.ca],
    {
      env: {
        AZURE_TENANT_ID: TENANT,
        AZURE_CLIENT_ID: CLIENT,
        AZURE_FEDERATED_TOKEN_FILE: files.token,
      },
    },
  );

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/aud +https:\/\/graph\.microsoft\.com\n/);
  expect(authority.requestCount - requestsBefore).toBe(1);
  expect(authority.requests.at(-1)).toMatchObject({ tenantId: TENANT, scopes: [GRAPH] });
});

test("a certificate on the command line signs, and the token's public claims are shown", async () => {
  const { exitCode, stdout } = await runHere(asked("--certificate", files.pem));

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/token +eyJ…\([\d,]+ characters\)\n/);
  expect(stdout).toMatch(new RegExp(`tid +${TENANT}\n`));
  expect(stdout).toMatch(new RegExp(`azp +${CLIENT}\n`));
  expect(stdout).toMatch(/exp +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in 60 min\n/);
  expect(stdout).toMatch(/roles +none\n/);
});

test("the scope on the command line is the one asked for", async () => {
  const scope = "https://vault.azure.net/.default";

  await runHere(asked("--certificate", files.pem, "--scope", scope));

  expect(authority.requests.at(-1)?.scopes).toEqual([scope]);
});

test("the token itself is shown in neither format", async () => {
  const told = await runHere(asked("--token-file", files.token));
  const json = await runHere(asked("--token-file", files.token, "--json"));

  expect(told.stdout + json.stdout).not.toMatch(A_JWT);
});

test("--json prints one object with the question and the answer", async () => {
  const { stdout } = await runHere(asked("--certificate", files.pem, "--json"));

  expect(JSON.parse(stdout)).toMatchObject({
    command: "demo",
    mode: "tenant",
    ok: true,
    durationMs: expect.any(Number),
    asked: { tenant: TENANT, client: CLIENT, scope: GRAPH },
    answer: { tid: TENANT, azp: CLIENT, roles: 0 },
  });
});

describe("when no token is issued, the demo ends with code 1", () => {
  test("and tells the reason, the codes, the id to quote and what to do", async () => {
    const { exitCode, stdout } = await runHere(asked("--certificate", files.wrongPem));

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/error +TokenEndpointError\n +code +ERR_TOKEN_ENDPOINT\n/);
    expect(stdout).toMatch(/Entra code +AADSTS700027\n/);
    expect(stdout).toContain("Register the certificate");
    expect(stdout).toContain(authority.requests.at(-1)?.correlationId);
    expect(stdout).toMatch(/attempts +1, in [\d.]+ m?s\n/);
    expect(stdout).toMatch(/what to do +\S/);
  });

  test("and as JSON names the error's parts", async () => {
    const { stdout } = await runHere(asked("--certificate", files.wrongPem, "--json"));

    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: {
        class: "TokenEndpointError",
        code: "ERR_TOKEN_ENDPOINT",
        entraCode: 700027,
        attempts: 1,
      },
    });
  });

  test("and names --ca when the authority's certificate is not trusted", async () => {
    const { exitCode, stdout } = await runHere([
      "demo",
      ...["--tenant", TENANT, "--client", CLIENT, "--certificate", files.pem],
      ...["--authority", authority.url],
    ]);

    expect(exitCode).toBe(1);
    expect(stdout).toContain("--ca");
    expect(stdout).not.toMatch(API_NAMES);
  });

  test("and speaks of --certificate when its file holds none", async () => {
    const { exitCode, stdout } = await runHere(asked("--certificate", files.token));

    expect(exitCode).toBe(1);
    expect(inOneLine(stdout)).toContain("(--certificate) holds no PEM private key");
    expect(stdout).not.toMatch(API_NAMES);
  });

  test.each(["--token-file", "--certificate"])(
    "and names the file of %s that is not there",
    async (option) => {
      const { exitCode, stdout } = await runHere(asked(option, "/nowhere/at-all"));

      expect(exitCode).toBe(1);
      expect(inOneLine(stdout)).toContain("/nowhere/at-all does not exist");
      expect(stdout).not.toMatch(API_NAMES);
    },
  );
});

// What the API calls its options means nothing to who typed others.
const API_NAMES =
  /pemPath|authorityHost|tenantId|clientId|InsecureLoopback|tls\.ca|\bscopes\b|Path\b/;

describe("a setting that makes no sense ends with code 2, told in the command line's own terms", () => {
  test.each([
    {
      options: ["--authority", "http://localhost:1"],
      says: "the command line asks over https only.",
    },
    {
      options: ["--authority", "http://sts.example"],
      says: "the command line asks over https only.",
    },
    {
      options: ["--authority", "https://a/b"],
      says: "--authority (or AZURE_AUTHORITY_HOST) cannot be",
    },
    { options: ["--tenant", "a/b"], says: "--tenant (or AZURE_TENANT_ID) is not a tenant id" },
    { options: ["--tenant", "common"], says: "--tenant (or AZURE_TENANT_ID) is 'common'" },
    { options: ["--scope", "ü"], says: "--scope must be printable ASCII" },
    { options: ["--ca", import.meta.filename], says: "--ca must name a PEM file" },
  ])("$options", async ({ options, says }) => {
    const { exitCode, stdout } = await runHere([...asked("--certificate", files.pem), ...options]);

    expect(exitCode).toBe(2);
    expect(inOneLine(stdout)).toContain(says);
    expect(stdout).not.toMatch(API_NAMES);
  });
});

/** The words without the line breaks of the page. */
function inOneLine(stdout: string): string {
  return stdout.replace(/\s+/g, " ");
}

function asked(...options: readonly string[]): readonly string[] {
  const tenant = ["--tenant", TENANT, "--client", CLIENT];
  return ["demo", ...tenant, "--authority", authority.url, "--ca", files.ca, ...options];
}

async function fileWith(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
