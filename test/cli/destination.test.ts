import { expect, test } from "vitest";
import { destinationOf } from "../../src/cli/demo/destination.ts";

test("with nothing set, the story is local", () => {
  expect(destinationOf({}, {})).toEqual({ kind: "local" });
});

test("one variable alone, as many machines have it, leaves the story local and says so", () => {
  const destination = destinationOf({}, { AZURE_TENANT_ID: "contoso.example" });

  expect(destination).toMatchObject({
    kind: "local",
    note: expect.stringContaining("AZURE_TENANT_ID is set, but AZURE_CLIENT_ID"),
  });
});

test("an empty variable counts as not set", () => {
  const env = { AZURE_TENANT_ID: "", AZURE_CLIENT_ID: "", AZURE_FEDERATED_TOKEN_FILE: "" };

  expect(destinationOf({}, env)).toEqual({ kind: "local" });
});

test("an option wins over its variable", () => {
  const env = {
    AZURE_TENANT_ID: "contoso.example",
    AZURE_CLIENT_ID: "app",
    AZURE_FEDERATED_TOKEN_FILE: "/token",
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us",
  };

  const destination = destinationOf({ tenant: "fabrikam.example", certificate: "app.pem" }, env);

  expect(destination).toMatchObject({
    kind: "tenant",
    settings: {
      tenantId: "fabrikam.example",
      clientId: "app",
      assertion: { kind: "certificate", path: "app.pem" },
      authority: "https://login.microsoftonline.us",
      scope: "https://graph.microsoft.com/.default",
    },
  });
});
