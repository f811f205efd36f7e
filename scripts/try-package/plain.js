import { AsyncLocalStorage } from "node:async_hooks";
import { ClientAssertionCredential } from "affiant";
import { certificate } from "affiant/assertions";
import { startTelemetry } from "affiant/telemetry";
import { createClientKeys, LocalAuthority } from "affiant/testing";

const authority = await LocalAuthority.start({ tls: true });
const { privateKey, certificate: pem } = await createClientKeys();
authority.registerClient({ clientId: "a-client", certificate: pem });

const source = certificate({ privateKey, certificate: pem });
const credential = new ClientAssertionCredential("a-tenant", "a-client", source, {
  authorityHost: authority.url,
  tls: { ca: authority.certificate },
});
const token = await credential.getToken("https://vault.azure.net/.default");
process.stdout.write(
  `plain.js: a token until ${new Date(token.expiresOnTimestamp).toISOString()}\n`,
);

// A hit under an async hook: Node 22 keeps the stores of AsyncLocalStorage on promises.
await new AsyncLocalStorage().run({}, () =>
  credential.getToken("https://vault.azure.net/.default"),
);

await credential.close();
await authority.close();

// The SDK is not installed here: whoever asks for it is told how to get it.
const refusal = await startTelemetry().then(
  () => "telemetry started without an SDK",
  (error) => error.message,
);
process.stdout.write(`plain.js: ${refusal}\n`);
if (!refusal.endsWith("npm install @opentelemetry/sdk-node")) process.exitCode = 1;
