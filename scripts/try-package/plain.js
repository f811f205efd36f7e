import { ClientAssertionCredential } from "affiant";
import { certificate } from "affiant/assertions";
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

await credential.close();
await authority.close();
