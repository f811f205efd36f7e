import type { TokenCredential } from "@azure/core-auth";
import type { AcquisitionOptions } from "./options/call-options.ts";

/**
 * A function that gives a bearer token for fixed scopes, for SDKs that want one; as
 * `getBearerTokenProvider` of `@azure/identity`. It caches nothing: the credential does.
 *
 * The function rejects as the credential does, and with a TypeError when that gives no token.
 */
export function bearerTokenProvider(
  credential: Pick<TokenCredential, "getToken">,
  scopes: string | string[],
  options?: AcquisitionOptions,
): () => Promise<string> {
  return async () => {
    const accessToken = await credential.getToken(scopes, options);
    if (accessToken === null) throw new TypeError("The credential gave no token.");
    return accessToken.token;
  };
}
