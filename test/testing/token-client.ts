import { type ClientKeys, type LocalAuthority, signAssertion } from "../../src/testing/index.ts";

export const TENANT = "11111111-2222-3333-4444-555555555555";
export const CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
export const SCOPE = "https://vault.azure.net/.default";

/** What a token endpoint answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** The fields of a success or an error; which are there is for the tests to say. */
export interface AnswerBody {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly refresh_in?: unknown;
  readonly error_description?: unknown;
  readonly trace_id?: unknown;
  readonly timestamp?: unknown;
}

/** The fields of a sound request, to change one at a time; `undefined` leaves a field out. */
export function soundForm(assertion: string): Record<string, string | undefined> {
  return {
    client_id: CLIENT,
    scope: SCOPE,
    grant_type: "client_credentials",
    client_assertion: assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  };
}

export function tokenUrl(authority: LocalAuthority, tenant = TENANT): string {
  return `${authority.url}/${tenant}/oauth2/v2.0/token`;
}

export async function ownAssertion(authority: LocalAuthority, keys: ClientKeys): Promise<string> {
  return signAssertion(keys, { clientId: CLIENT, audience: tokenUrl(authority) });
}

export async function post(
  url: string,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const fields = Object.entries(form).filter(
    (field): field is [string, string] => field[1] !== undefined,
  );
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers });
  return {
    status: response.status,
    headers: response.headers,
    body: Object(await response.json()),
  };
}

/** Sends a sound request, signed with `keys`. */
export async function requestToken(
  authority: LocalAuthority,
  keys: ClientKeys,
  changes: Record<string, string | undefined> = {},
): Promise<Answer> {
  const form = soundForm(await ownAssertion(authority, keys));
  return post(tokenUrl(authority), { ...form, ...changes });
}
