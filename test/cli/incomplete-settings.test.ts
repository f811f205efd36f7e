import { describe, expect, test } from "vitest";
import { runHere } from "./recorded-run.ts";

const GRAPH = "https://graph.microsoft.com/.default";

describe("a tenant that is named in part", () => {
  test.each([
    {
      has: ["AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"],
      lacks: "tenant     --tenant or AZURE_TENANT_ID",
    },
    {
      has: ["AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"],
      lacks: "client     --client or AZURE_CLIENT_ID",
    },
    {
      has: ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
      lacks: "assertion  --token-file, --certificate or AZURE_FEDERATED_TOKEN_FILE",
    },
  ])("by two variables ends with code 2, and is told: $lacks", async ({ has, lacks }) => {
    const env = Object.fromEntries(has.map((name) => [name, "something"]));

    const { exitCode, stderr } = await runHere(["demo"], { env });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Missing:\n  ${lacks}\nFound: ${has.join(", ")}.\n`);
  });

  test("by an option alone ends with code 2, and is told all that is missing, line by line", async () => {
    const { exitCode, stderr } = await runHere(["demo", "--scope", GRAPH]);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\n +tenant .*\n +client .*\n +assertion .*\nFound: --scope\./);
  });

  test("is told how npm passes options, when npm runs the demo", async () => {
    const env = { npm_lifecycle_event: "start" };

    const { stderr } = await runHere(["demo", "--scope", GRAPH], { env });

    expect(stderr).toContain("npm start -- --local\nSee npm start -- --help.\n");
  });
});
