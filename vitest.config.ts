import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

const BOOK = ["test/credential/**/*.test.ts"];

/** The behavior book once more, under other circumstances. */
function bookAgain(name: string, setupFile: string): TestProjectConfiguration {
  return { extends: true, test: { name, include: BOOK, setupFiles: [setupFile] } };
}

export default defineConfig({
  test: {
    // Some tests compute for seconds, and more on a machine that others use.
    testTimeout: 20_000,
    // All cores: by default one is left idle, and most of the long tests wait rather than compute.
    maxWorkers: "100%",
    reporters: ["default", new ClosingLine()],
    coverage: { include: ["src/**"], reporter: ["text", "json-summary"] },
    projects: [
      { extends: true, test: { name: "affiant", include: ["test/**/*.test.ts"] } },
      bookAgain("with an SDK", "test/support/again/with-sdk.ts"),
      bookAgain("with an observer that throws", "test/support/again/with-throwing-observer.ts"),
    ],
  },
});
