import { trace } from "@opentelemetry/api";
import { printTheEnd } from "./print.ts";

// A program that is over at once.
trace.getTracer("program").startSpan("one").end();
printTheEnd();
