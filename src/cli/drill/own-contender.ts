import { ClientAssertionCredential } from "../../index.ts";
import { withOwnEnvironment } from "../demo/own-environment.ts";
import { CLIENT, type Contender, type ContenderSetup, TENANT } from "./contender.ts";

/** A credential of ours. */
export function ownContender({ authority, sign, options }: ContenderSetup): Contender {
  let assertions = 0;
  const getAssertion = ({ tokenEndpoint }: { readonly tokenEndpoint: string }) => {
    assertions += 1;
    return sign(tokenEndpoint);
  };
  const all = {
    ...options,
    authorityHost: authority.url,
    additionallyAllowedTenants: ["*"],
    tls: { ca: authority.certificate ?? [] },
  };
  const credential = withOwnEnvironment(
    () => new ClientAssertionCredential(TENANT, CLIENT, getAssertion, all),
  );
  return {
    getToken: (scope, asked) => credential.getToken(scope, asked),
    assertions: () => assertions,
    close: () => credential.close(),
  };
}
