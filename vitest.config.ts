import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // All cores: by default one is left idle, and most of the long tests wait rather than compute.
    maxWorkers: "100%",
    reporters: ["default", new ClosingLine()],
    coverage: { include: ["src/**"], reporter: ["text", "json-summary"] },
  },
});
