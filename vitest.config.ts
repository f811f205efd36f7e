import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A promise that rejects without an owner is a defect of the library, so it fails the run.
    dangerouslyIgnoreUnhandledErrors: false,
    coverage: { include: ["src/**"], reporter: ["text", "json-summary"] },
  },
});
