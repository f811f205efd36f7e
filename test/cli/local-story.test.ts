import { expect, test } from "vitest";
import type { Chapter } from "../../src/cli/demo/chapter.ts";
import { firstToken } from "../../src/cli/demo/chapters/first-token.ts";
import { manyCallers } from "../../src/cli/demo/chapters/many-callers.ts";
import { tellLocalStory } from "../../src/cli/demo/local-story.ts";
import type { Ended } from "./recorded-run.ts";

test("a claim that does not hold is named and ends the demo with code 1", async () => {
  const { exitCode, stderr } = await tell([
    chapter(async (_, story) => {
      story.check("one request is enough", { holds: false, seen: "7 requests" });
    }),
  ]);

  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    "1 check of the story did not hold:\n  A chapter: one request is enough; seen: 7 requests\n",
  );
});

test("a chapter that throws is a claim that does not hold, and the others are told", async () => {
  const { exitCode, stdout, stderr } = await tell([
    chapter(async () => {
      throw new Error("the stage collapsed");
    }),
    firstToken,
  ]);

  expect(exitCode).toBe(1);
  expect(stderr).toContain("the stage collapsed");
  expect(stdout).toContain("✓ one request with one assertion");
});

test("without a first token the story ends there, with the error's facts and code 1", async () => {
  const { exitCode, stdout, stderr } = await tell([
    chapter(async ({ authority }) => {
      authority.respondWith({ status: 401, body: { error: "invalid_client" } });
    }),
    firstToken,
    manyCallers,
  ]);

  expect(exitCode).toBe(1);
  expect(stderr).toContain("A first token: the authority of the demo issues a first token\n");
  expect(stdout).toMatch(/error +TokenEndpointError\n/);
  expect(stdout).toMatch(/attempts +1, in /);
  expect(stdout).not.toMatch(/10,000 callers|What it came to/);
});

test("a request that the demo does not know of breaks the closing claims", async () => {
  const { exitCode, stderr } = await tell([
    chapter(async ({ authority }) => {
      authority.resetCounts();
    }),
    {
      ...firstToken,
      play: async ({ authority, callers }) => {
        await callers.ask({ scope: "https://vault.azure.net/.default" });
        authority.resetCounts();
      },
    },
  ]);

  expect(exitCode).toBe(1);
  expect(stderr).toContain("What it came to: 0 requests carried 1 assertions");
});

test("a terminal with colors gets them", async () => {
  const { stdout } = await tell([firstToken], { colors: true });

  expect(stdout).toContain("\u001b[32m✓\u001b[39m one request with one assertion");
});

test("no line is wider than the terminal, save for a word that does not fit", async () => {
  const { stdout } = await tell([firstToken], { columns: 60 });

  const tooWide = stdout.split("\n").filter((line) => line.length > 60 && line.includes(". "));
  expect(tooWide).toEqual([]);
});

function chapter(play: Chapter["play"]): Chapter {
  return { id: "a-chapter", title: "A chapter", plot: "Something happens.", play };
}

async function tell(
  chapters: readonly Chapter[],
  { colors = false, columns = 80 } = {},
): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const exitCode = await tellLocalStory(
    { format: "text", chapters },
    {
      write: (text) => {
        stdout += text;
      },
      complain: (text) => {
        stderr += text;
      },
      env: {},
      colors,
      columns,
    },
  );
  return { exitCode, stdout, stderr };
}
