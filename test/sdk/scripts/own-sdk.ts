import { type DiagLogger, diag } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { print } from "./print.ts";

// What an application with an SDK of its own imports: its telemetry, and what it hears of trouble.
const say = (message: string) => print(message);
const logger: DiagLogger = { error: say, warn: say, info() {}, debug() {}, verbose() {} };
diag.setLogger(logger);
const sdk = new NodeSDK({ serviceName: "own-sdk" });
sdk.start();
process.once("beforeExit", () => sdk.shutdown());
