const CURES: ReadonlyMap<number, string> = new Map([
  [28000, "Ask for the scopes of one resource at a time."],
  [50027, "The assertion is no well-formed JWT: check what getAssertion gives."],
  [50196, "The application asks in a loop: keep its tokens instead of asking anew for each call."],
  [70021, "Compare the assertion's iss, sub and aud with the app's federated credentials."],
  [90002, "Check the tenant id and whether this is the right cloud for it."],
  [500011, "Check the resource in the scope and whether it exists in this tenant."],
  [700016, "Check the client id and the tenant: the app must be registered or consented to there."],
  [700021, "The assertion's iss and sub must be the client id that asks."],
  [700023, "The assertion's aud must be the token endpoint of this tenant."],
  [700024, "Check the clock of the machine that signs and how long its assertions are valid."],
  [700027, "Register the certificate that signs with the app, or sign with a registered one."],
  [
    700211,
    "No federated credential of the app has the assertion's iss: compare them, slash for slash.",
  ],
  [
    700212,
    "No federated credential of the app has the assertion's aud: usually api://AzureADTokenExchange.",
  ],
  [
    700213,
    "No federated credential of the app has the assertion's sub: compare them, case for case.",
  ],
  [700222, "Entra's own tokens cannot be assertions, save those of a managed identity."],
  [1002012, "Ask for the resource's identifier followed by /.default as the scope."],
  [7000112, "The app is disabled: enable it in this tenant."],
  [7000215, "The app's secret is wrong: check that the client id is the one the assertion is for."],
  [7000222, "The app's keys have expired: register a new certificate or federated credential."],
  [7000229, "The app has no service principal in this tenant: create one or grant admin consent."],
]);

/** One sentence on what to do about an AADSTS error, for the common ones. */
export function cureFor(entraCode: number): string | undefined {
  return CURES.get(entraCode);
}

/** Where Microsoft explains an AADSTS error, also those for which there is no cure here. */
export function documentationOf(entraCode: number): string {
  return `https://login.microsoftonline.com/error?code=${entraCode}`;
}
