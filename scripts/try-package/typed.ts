import {
  type AccessTokenInfo,
  ClientAssertionCredential,
  ConfigurationError,
  type TokenEndpoint,
} from "affiant";

const transport: TokenEndpoint = {
  post: async () => ({
    status: 200,
    headers: {},
    body: JSON.stringify({ access_token: "made-up", token_type: "Bearer", expires_in: 3600 }),
  }),
};
const credential = new ClientAssertionCredential("a-tenant", "a-client", () => "made-up", {
  transport,
});
const { expiresOn }: AccessTokenInfo = await credential.getTokenInfo(
  "https://vault.azure.net/.default",
);

function refusal(): unknown {
  try {
    return new ClientAssertionCredential("", "a-client", () => "made-up");
  } catch (error) {
    return error;
  }
}
if (!(refusal() instanceof ConfigurationError)) throw new Error("an empty tenant was taken");
process.stdout.write(`typed.ts: a token until ${new Date(expiresOn * 1_000).toISOString()}\n`);
