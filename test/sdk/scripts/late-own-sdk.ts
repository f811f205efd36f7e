import { NodeSDK } from "@opentelemetry/sdk-node";

// An application that starts its SDK though another was started ahead of it.
const sdk = new NodeSDK({ serviceName: "own-sdk" });
sdk.start();
process.once("beforeExit", () => sdk.shutdown());
await import("./one-span.ts");
