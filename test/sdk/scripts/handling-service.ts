import { print } from "./print.ts";

// A service that is told to end and ends as it likes: at once or, as here, when it is told again.
process.once("SIGTERM", () => {
  print("closing");
  process.stdin.once("data", () => process.exit(7));
});
await import("./service.ts");
