import type { Command } from "../command.ts";
import { askTenant } from "../tenant/ask-tenant.ts";
import { UsageError } from "../usage-error.ts";
import { readArguments } from "./arguments.ts";
import { destinationOf } from "./destination.ts";
import { tellLocalStory } from "./local-story.ts";

const HELP = `Usage: affiant demo [options]    (in its repository: npm start -- [options])

Tells the life of a token in eight chapters, against an authority in this
process that behaves like Microsoft Entra ID. It needs no account and no
network, and takes a few seconds.

  --json              Prints one JSON object instead; through npm, which adds
                      lines of its own: npm start --silent -- --json
  --local             Tells the story even where the environment names a tenant

Asks a real tenant instead when the options or the environment name one, and
shows what its token says, but never the token itself:

  --tenant ID         Tenant id or domain name, or AZURE_TENANT_ID
  --client ID         Application (client) id, or AZURE_CLIENT_ID
  --token-file FILE   Sends the federated token in FILE,
                      or AZURE_FEDERATED_TOKEN_FILE
  --certificate FILE  In place of a token, signs with the key and certificate
                      in FILE, PEM
  --scope SCOPE       What to ask for, else https://graph.microsoft.com/.default
  --authority HOST    The authority, or AZURE_AUTHORITY_HOST; over https only
  --ca FILE           PEM of the issuers to trust in place of Node's own

Examples:
  affiant demo
  affiant demo --tenant contoso.example --client 5f3a9c1e-... \\
    --certificate app.pem

Exit code: 0 when all went well, 1 when it did not, 2 when options or settings
are missing or make no sense.
`;

/** `affiant demo`: the story of a token, or one token of a real tenant. */
export const demo: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { json, local, tenant } = readArguments(args);
    const format = json ? "json" : "text";
    const destination = local ? { kind: "local" as const } : destinationOf(tenant, terminal.env);
    switch (destination.kind) {
      case "local":
        return tellLocalStory({ ...destination, format }, terminal);
      case "tenant":
        return askTenant(destination.settings, { format, terminal });
      case "incomplete":
        throw new UsageError(destination.reason);
      default:
        return destination satisfies never;
    }
  },
};
