import type { TokenCredential } from "@azure/core-auth";
import { withOwnEnvironment } from "../demo/own-environment.ts";
import { UsageError } from "../usage-error.ts";
import { CLIENT, type MakeContender, TENANT, tokenEndpointOf } from "./contender.ts";
import { loadIfInstalled } from "./load-if-installed.ts";

/** The package that we are compared with. */
export const INCUMBENT = "@azure/identity";

/**
 * Makes credentials of the incumbent.
 *
 * @throws UsageError when its package is not installed.
 */
export async function loadIncumbent(): Promise<MakeContender> {
  const loaded = await loadIfInstalled(INCUMBENT);
  const Incumbent: unknown = loaded && Reflect.get(loaded, "ClientAssertionCredential");
  if (!isConstructor(Incumbent)) {
    throw new UsageError(
      `--compare runs ${INCUMBENT} beside affiant, and it is not installed here: npm install ${INCUMBENT}`,
    );
  }
  return ({ authority, sign }) => {
    let assertions = 0;
    // The incumbent tells its callback nothing.
    const getAssertion = () => {
      assertions += 1;
      return sign(tokenEndpointOf(authority, TENANT));
    };
    const options = {
      authorityHost: authority.url,
      additionallyAllowedTenants: ["*"],
      disableInstanceDiscovery: true,
      tlsOptions: { ca: authority.certificate },
    };
    const credential = withOwnEnvironment(
      () => new Incumbent(TENANT, CLIENT, getAssertion, options),
    );
    return {
      getToken: async (scope, asked) => {
        const token = await credential.getToken(scope, asked);
        if (token === null) throw new Error("no token");
        return token;
      },
      assertions: () => assertions,
      close: async () => {},
    };
  };
}

type Constructor = new (...parameters: readonly unknown[]) => TokenCredential;

function isConstructor(value: unknown): value is Constructor {
  return typeof value === "function";
}
