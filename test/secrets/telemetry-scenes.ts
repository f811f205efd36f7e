import type {
  AcquisitionOptions,
  ClientAssertionCredential,
  ClientAssertionCredentialOptions,
} from "../../src/index.ts";
import { SCOPE } from "../support/credentials.ts";
import { TOKEN } from "./canaries.ts";
import {
  type Answer,
  CHALLENGE,
  CLAIMS,
  echo,
  grant,
  granted,
  hanging,
  response,
  thrown,
} from "./knowing-authority.ts";

/** One thing that may become of calls, with secrets wherever there may be some. */
export interface Scene {
  readonly name: string;
  /** The answers to the requests, the last of them again and again. */
  readonly answers?: readonly Answer[];
  /** What is thrown in place of an assertion. */
  readonly throws?: (secret: string) => unknown;
  readonly options?: ClientAssertionCredentialOptions;
  /** @defaultValue one plain call */
  readonly calls?: (
    credential: ClientAssertionCredential,
    secret: string,
  ) => readonly Promise<unknown>[];
}

const forced: AcquisitionOptions = { forceRefresh: true };

/** All outcomes. */
export const SCENES: readonly Scene[] = [
  {
    name: "all goes well, on a miss, on hits and after a challenge",
    calls: (credential) => [
      credential.getToken(SCOPE).then(() => credential.getToken(SCOPE)),
      credential.getTokenInfo([SCOPE], { enableCae: true }),
      credential.getToken(SCOPE, { claims: CHALLENGE }),
    ],
  },
  ...[
    "invalid_client",
    "unauthorized_client",
    "invalid_request",
    "invalid_scope",
    "invalid_grant",
  ].map((error) => ({ name: `the authority refuses with ${error}`, answers: [echo(400, error)] })),
  {
    name: "the OAuth error itself is a secret",
    answers: [
      ({ assertion }) =>
        response(400, { error: assertion, error_description: `AADSTS${assertion}` }),
    ],
  },
  {
    name: "the number of the error is one",
    answers: [
      ({ assertion }) =>
        response(400, { error: "invalid_grant", error_codes: [assertion, TOKEN.secret] }),
    ],
  },
  {
    name: "an assertion has expired and is renewed in vain",
    answers: [
      ({ assertion }) =>
        response(401, { error: "invalid_client", error_description: `AADSTS700024: ${assertion}` }),
    ],
  },
  { name: "more claims are asked for", answers: [echo(400, "interaction_required")] },
  { name: "retries are in vain", answers: [echo(503, "temporarily_unavailable")] },
  { name: "a retry helps", answers: [echo(500, "server_error"), granted] },
  {
    name: "the authority throttles",
    answers: [
      echo(429, "busy", (secret) => ({
        "retry-after": `1${secret}`,
        "retry-after-ms": "1",
        date: secret,
      })),
    ],
  },
  {
    name: "headers hold secrets",
    answers: [
      echo(401, "invalid_client", (secret) => ({
        "x-ms-request-id": secret,
        "client-request-id": secret,
        "x-ms-ests-server": TOKEN.secret,
        location: secret,
        [secret]: secret,
      })),
    ],
  },
  {
    name: "the id of the request is a token",
    answers: [
      () =>
        response(200, grant(), {
          "x-ms-request-id": TOKEN.secret,
          "client-request-id": TOKEN.secret,
        }),
    ],
  },
  {
    name: "an answer is cut short",
    answers: [({ form }) => response(200, `${JSON.stringify(grant()).slice(0, -1)} ${form}`)],
  },
  {
    name: "an answer is a page",
    answers: [({ form }) => response(200, `<a href="?${form}">${TOKEN.secret}</a>`)],
  },
  {
    name: "an answer has no lifetime",
    answers: [() => response(200, { ...grant(), expires_in: TOKEN.secret })],
  },
  {
    name: "an answer redirects",
    answers: [({ form }) => response(307, form, { location: `https://elsewhere.test/?${form}` })],
  },
  {
    name: "a transport quotes the form",
    answers: [thrown(({ form }) => new Error(`POST ${form} failed`))],
  },
  {
    name: "a transport hides the form in its error",
    answers: [
      thrown(({ form, assertion }) =>
        Object.assign(new Error(assertion, { cause: new Error(form) }), {
          code: assertion,
          name: assertion,
          options: { form },
        }),
      ),
    ],
  },
  { name: "a transport throws a text", answers: [thrown(({ form }) => form)] },
  {
    name: "a transport breaks its contract",
    answers: [({ form }) => JSON.parse(JSON.stringify({ status: form, headers: form, body: 1 }))],
  },
  {
    name: "the network resets",
    answers: [thrown(({ form }) => Object.assign(new Error(form), { code: "ECONNRESET" }))],
  },
  {
    name: "nothing answers in time",
    answers: [hanging],
    options: { resilience: { attemptTimeoutMs: 5, backoffMs: 1, maxRetries: 1 } },
  },
  {
    name: "callers leave, by a time limit and by an abort",
    answers: [hanging],
    calls: (credential) => [
      credential.getToken(SCOPE, { requestOptions: { timeout: 5 } }),
      credential.getToken(SCOPE, { abortSignal: AbortSignal.timeout(10) }),
    ],
  },
  {
    name: "getAssertion throws it as a message",
    throws: (secret) => new Error(`signed ${secret}`),
  },
  {
    name: "getAssertion throws it as a name and a code",
    throws: (secret) => Object.assign(new Error("failed"), { name: secret, code: secret }),
  },
  { name: "getAssertion throws the text itself", throws: (secret) => secret },
  {
    name: "a call is wrong in what it names",
    calls: (credential, secret) => [
      credential.getToken(`a "${secret}"`),
      credential.getToken(SCOPE, { tenantId: TOKEN.secret }),
      credential.getToken(SCOPE, { tenantId: `no ${secret}` }),
      credential.getToken(SCOPE, { claims: `{"${secret}": ${CLAIMS.secret}` }),
    ],
  },
  {
    name: "the circuit opens and stays open",
    answers: [echo(503, "temporarily_unavailable")],
    options: { resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } } },
    calls: (credential) => [
      credential.getToken(SCOPE).catch(() => credential.getToken(SCOPE, forced)),
    ],
  },
  {
    name: "a renewal fails and the old token is served",
    answers: [granted, echo(400, "invalid_grant")],
    calls: (credential) => [
      credential
        .getToken(SCOPE)
        .then(() => credential.getToken(SCOPE, { minimumValidityMs: 3_600_000 }))
        .then(() => credential.getToken(SCOPE, { minimumValidityMs: 3_600_000 })),
    ],
  },
  {
    name: "a token is forgotten, and the credential closed while one is fetched",
    answers: [granted, hanging],
    calls: (credential) => [
      credential.getToken(SCOPE).then(async () => {
        credential.invalidate();
        const pending = credential.getToken(SCOPE);
        await credential.close();
        return pending;
      }),
    ],
  },
];
