import { readFile } from "node:fs/promises";
import { certificate, workloadIdentityFile } from "../../assertions/index.ts";
import {
  AzureAuthorityHosts,
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
  ConfigurationError,
  TokenEndpointError,
} from "../../index.ts";
import { PACKAGE_NAME, PACKAGE_VERSION } from "../../version.ts";
import type { ExitCode } from "../command.ts";
import { errorFacts } from "../error-facts.ts";
import { asObject, type Fact, fact } from "../fact.ts";
import { Page } from "../page.ts";
import { duration, shortDuration, text } from "../quantity.ts";
import { redacted } from "../redacted.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Terminal } from "../terminal.ts";
import { publicClaims } from "../token-claims.ts";
import { adviceFor } from "./advice.ts";
import { inOptionNames } from "./option-names.ts";
import type { AssertionFile, TenantSettings } from "./tenant-settings.ts";

/** How the answer is told, and where. */
export interface Telling {
  readonly format: "text" | "json";
  readonly terminal: Terminal;
}

const HITS = 10_000;

/** Asks a real tenant for one token, and then the cache for the same. 1 when it is refused, 2 when it cannot be asked for so. */
export async function askTenant(
  settings: TenantSettings,
  { format, terminal }: Telling,
): Promise<ExitCode> {
  const isText = format === "text";
  const page = new Page({ ...terminal, write: isText ? terminal.write : () => {} });
  const asked = questionFacts(settings);
  page.title(`${PACKAGE_NAME} ${PACKAGE_VERSION}`, "a token of a real tenant");
  page.heading("The question");
  for (const told of asked) page.fact(told);

  const elapsedMs = stopwatch();
  const { exitCode, facts } = await answerOf(settings);
  const durationMs = Math.round(elapsedMs());
  const ok = exitCode === 0;
  page.heading(ok ? "The answer" : "No token");
  for (const told of facts) page.fact(told);
  page.blank();
  if (ok) page.tick("a token was issued");
  else page.cross("no token was issued");

  if (!isText) {
    const report = { command: "demo", mode: "tenant", ok, durationMs, asked: asObject(asked) };
    const result = { ...report, [ok ? "answer" : "error"]: asObject(facts) };
    terminal.write(`${JSON.stringify(result, undefined, 2)}\n`);
  }
  return exitCode;
}

function questionFacts(settings: TenantSettings): readonly Fact[] {
  const { tenantId, clientId, assertion, scope, caFile } = settings;
  const { authority = AzureAuthorityHosts.AzurePublicCloud } = settings;
  return [
    fact("authority", { label: "authority", ...text(authority) }),
    fact("tenant", { label: "tenant", ...text(tenantId) }),
    fact("client", { label: "client", ...text(clientId) }),
    fact("scope", { label: "scope", ...text(scope) }),
    fact("assertion", { label: "assertion", ...text(assertionInWords(assertion)) }),
    ...(caFile === undefined
      ? []
      : [fact("ca", { label: "trusts", ...text(`the issuers in ${caFile}`) })]),
  ];
}

function assertionInWords({ kind, path }: AssertionFile): string {
  return kind === "token" ? `the token in ${path}` : `signed with the certificate in ${path}`;
}

interface Answer {
  readonly exitCode: ExitCode;
  readonly facts: readonly Fact[];
}

async function answerOf(settings: TenantSettings): Promise<Answer> {
  let credential: ClientAssertionCredential | undefined;
  const elapsedMs = stopwatch();
  try {
    credential = await credentialFor(settings);
    return { exitCode: 0, facts: await tokenFacts(credential, settings.scope) };
  } catch (error) {
    const advice = fact("advice", { label: "what to do", ...text(adviceFor(error, settings)) });
    return {
      exitCode: error instanceof ConfigurationError ? 2 : 1,
      facts: [...toldFacts(error, elapsedMs()), advice],
    };
  } finally {
    await credential?.close();
  }
}

// What the authority says stands as it is: the names in it are its own.
function toldFacts(error: unknown, tookMs: number): readonly Fact[] {
  return error instanceof TokenEndpointError
    ? errorFacts(error, { tookMs })
    : errorFacts(error, { tookMs, reword: inOptionNames });
}

async function tokenFacts(
  credential: ClientAssertionCredential,
  scope: string,
): Promise<readonly Fact[]> {
  const firstMs = stopwatch();
  const { token } = await credential.getToken(scope);
  const first = duration(firstMs());
  const shown = `${first.shown}, assertion included`;
  return [
    fact("token", { label: "token", ...text(redacted(token)) }),
    ...claimFacts(token),
    fact("firstTokenMs", { label: "first token", ...first, shown }),
    ...(await hitFacts(credential, { scope, token })),
  ];
}

function claimFacts(token: string): readonly Fact[] {
  const claims = publicClaims(token, Date.now());
  if (claims.length > 0) return claims;
  return [fact("claims", { label: "claims", ...text("not for us to read: no plain JWT") })];
}

// None when the token does not last through the measurement: those calls were no hits.
async function hitFacts(
  credential: ClientAssertionCredential,
  { scope, token }: { readonly scope: string; readonly token: string },
): Promise<readonly Fact[]> {
  const elapsedMs = stopwatch();
  for (let call = 0; call < HITS; call += 1) {
    if ((await credential.getToken(scope)).token !== token) return [];
  }
  const hit = shortDuration(elapsedMs() / HITS);
  return [
    fact("perCallNs", {
      label: "from the cache",
      ...hit,
      shown: `${hit.shown} a call, nothing sent`,
    }),
  ];
}

async function credentialFor({
  tenantId,
  clientId,
  assertion: { kind, path },
  authority,
  caFile,
}: TenantSettings): Promise<ClientAssertionCredential> {
  const source = kind === "token" ? workloadIdentityFile({ path }) : certificate({ pemPath: path });
  const options: ClientAssertionCredentialOptions = {
    ...(authority === undefined ? {} : { authorityHost: authority }),
    ...(caFile === undefined ? {} : { tls: { ca: await issuersIn(caFile) } }),
  };
  return new ClientAssertionCredential(tenantId, clientId, source, options);
}

async function issuersIn(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new Error(`The file ${path}, which --ca names, cannot be read.`);
  }
}
