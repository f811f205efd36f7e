import { isMainThread, Worker } from "node:worker_threads";
import { trace } from "@opentelemetry/api";

// A program whose spans are made in two threads.
trace
  .getTracer("program")
  .startSpan(isMainThread ? "in the main thread" : "in a worker")
  .end();
if (isMainThread) new Worker(new URL(import.meta.url));
