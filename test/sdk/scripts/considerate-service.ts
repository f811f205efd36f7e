import { print } from "./print.ts";

// As packages do that clean up at the end: it lets the signal end the process unless somebody else listens.
const listener = (signal: NodeJS.Signals) => {
  if (process.listenerCount(signal) > 1) return;
  print("cleaned up");
  process.removeListener(signal, listener);
  process.kill(process.pid, signal);
};
process.on("SIGTERM", listener);
await import("./service.ts");
