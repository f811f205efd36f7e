import { readFileSync } from "node:fs";
import { AzureLogger, setLogLevel } from "@azure/logger";
import { expect, test } from "vitest";
import { CASES } from "../../scripts/telemetry-cost/cases.ts";
import { errorRows } from "../../scripts/telemetry-docs/error-table.ts";
import { sectionNames, withSections } from "../../scripts/telemetry-docs/sections.ts";
import { telemetryTables } from "../../scripts/telemetry-docs/tables.ts";
import { ERROR_TYPES } from "../../src/telemetry/attributes.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const document = readFileSync(new URL("../../docs/telemetry.md", import.meta.url), "utf8");

const clock = useFakeClock();

test("its tables are those of the registry; if not, run: node scripts/telemetry-docs.ts", () => {
  expect(document).toBe(withSections(document, telemetryTables()));
});

test("it has no table that nothing writes", () => {
  const written = [...Object.keys(telemetryTables()), "costs"];

  expect([...sectionNames(document)].sort()).toEqual(written.sort());
});

test("it tells how each error type comes about", () => {
  expect(new Set(errorRows().map(({ errorType }) => errorType))).toEqual(new Set(ERROR_TYPES));
});

test("it tells what each setting costs, as measured", () => {
  const [, costs = ""] = document.split("<!-- table: costs -->");

  const measured = costs.split("\n").filter((line) => /^\| .* \| \d/.test(line));
  expect(measured.map((line) => line.split(" | ")[0]?.slice(2))).toEqual(
    CASES.map(({ name }) => name),
  );
});

test("it shows log lines as they are written", async () => {
  const lines = await linesOfABadHour();

  expect(document).toContain(`\`\`\`\n${lines.join("\n")}\n\`\`\``);
});

async function linesOfABadHour(): Promise<readonly string[]> {
  const lines: string[] = [];
  const { log } = AzureLogger;
  AzureLogger.log = (...args: readonly unknown[]) => void lines.push(args.join(" "));
  setLogLevel("info");
  try {
    await liveABadHour();
  } finally {
    setLogLevel();
    AzureLogger.log = log;
  }
  return lines;
}

async function liveABadHour(): Promise<void> {
  const entra = fakeEntra().issues("first").refuses(503, "temporarily_unavailable");
  const credential = credentialAgainst(entra, {
    resilience: { maxRetries: 0, circuitBreaker: { failures: 2 } },
  });

  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 1 });
  await credential.getToken(SCOPE);
  await rejection(credential.getToken(OTHER_SCOPE));
  entra.startsOver().refuses(429, "throttled", 90055, { "retry-after": "20" }).issues("second");
  await clock.advance({ seconds: 60 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 60 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 1 });
}
