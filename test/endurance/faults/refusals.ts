import type { EndpointResponse } from "../../../src/index.ts";
import { type Fault, json } from "./fault.ts";

const CODES: readonly (readonly [status: number, error: string, entraCode: number])[] = [
  [400, "unauthorized_client", 700016],
  [400, "invalid_scope", 70011],
  [400, "invalid_request", 90002],
  [400, "invalid_grant", 50196],
  [400, "invalid_resource", 500011],
  [400, "unauthorized_client", 700023],
  [401, "invalid_client", 7000215],
  [401, "invalid_client", 7000222],
  [401, "invalid_client", 700024],
  [401, "invalid_client", 700027],
  [401, "invalid_client", 700021],
  [401, "invalid_client", 700212],
  [401, "invalid_client", 1002012],
];

const STATUSES = [400, 401, 403, 404, 408, 413];

/** What an authority refuses: in Entra's words, or with a bare status. */
export const REFUSALS: readonly Fault[] = [
  ...CODES.map(
    ([status, error, entraCode]): Fault => ({
      name: `${status} ${error} AADSTS${entraCode}`,
      answer: () => refusal(status, error, entraCode),
    }),
  ),
  ...STATUSES.map(
    (status): Fault => ({ name: `a bare ${status}`, answer: () => json(status, {}) }),
  ),
  {
    name: "a refusal that comes as a success",
    answer: () => json(200, { error: "invalid_scope", error_description: "A made-up reason." }),
  },
];

function refusal(status: number, error: string, entraCode: number): EndpointResponse {
  const error_description = `AADSTS${entraCode}: A made-up reason.`;
  return json(status, { error, error_description, error_codes: [entraCode] });
}
