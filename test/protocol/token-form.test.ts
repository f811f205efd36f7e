import { inspect } from "node:util";
import { expect, test } from "vitest";
import { TokenForm } from "../../src/protocol/token-form.ts";

const FIELDS = {
  clientId: "client",
  scopes: ["https://vault.azure.net/.default", "openid"],
  assertion: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjbGllbnQifQ.c2lnbmF0dXJl",
};

test("3.1 the body holds exactly the five fields of the grant", () => {
  const form = new TokenForm(FIELDS);

  const fields = [...new URLSearchParams(form.encode())];

  expect(fields).toEqual([
    ["client_id", "client"],
    ["scope", "https://vault.azure.net/.default openid"],
    ["grant_type", "client_credentials"],
    ["client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
    ["client_assertion", FIELDS.assertion],
  ]);
});

test("3.1 claims are a sixth field, as they were given", () => {
  const claims = '{"access_token":{"xms_cc":{"values":["cp1"]}}, "é": "a&b=c"}';

  const fields = new URLSearchParams(new TokenForm({ ...FIELDS, claims }).encode());

  expect(fields.get("claims")).toBe(claims);
});

test.each([[""], [undefined]])("3.1 claims of %j are no field", (claims) => {
  const fields = new URLSearchParams(new TokenForm({ ...FIELDS, claims }).encode());

  expect(fields.has("claims")).toBe(false);
});

test("3.1 no value can add a field", () => {
  const form = new TokenForm({ ...FIELDS, clientId: "a&grant_type=password", assertion: "x&y=z" });

  const fields = new URLSearchParams(form.encode());

  expect([fields.getAll("grant_type"), fields.has("y")]).toEqual([["client_credentials"], false]);
});

test("a form shows its assertion to encode only", () => {
  const form = new TokenForm(FIELDS);

  const shown = inspect(form, { depth: null, showHidden: true }) + JSON.stringify(form);

  expect(shown).not.toContain("eyJ");
});
