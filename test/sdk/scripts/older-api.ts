import { startTelemetry } from "../../../src/sdk/start-telemetry.ts";
import { print } from "./print.ts";

// Another copy of the API, and an older one, was first in this process.
Reflect.set(globalThis, Symbol.for("opentelemetry.js.api.1"), { version: "1.4.0" });
await startTelemetry().catch(({ code, message }) => print(`${code}: ${message}`));
