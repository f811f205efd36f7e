import { metrics, trace } from "@opentelemetry/api";
import { print } from "./print.ts";

// A program that runs until a signal ends it.
trace.getTracer("service").startSpan("served").end();
metrics.getMeter("service").createCounter("requests").add(1);
setInterval(() => {}, 60_000);
print("ready");
