import { trace } from "@opentelemetry/api";
import { print } from "./print.ts";

// A service that stops working when it is told to end, and so ends by itself.
trace.getTracer("service").startSpan("served").end();
const work = setInterval(() => {}, 60_000);
process.once("SIGTERM", () => {
  clearInterval(work);
  process.exitCode = 7;
});
print("ready");
