import { CredentialClosedError } from "../../../src/index.ts";
import { makeCredential, SCOPE, say, timeTheEnd, toldToGoOn } from "./script.ts";

const credential = makeCredential();
const answered = credential.getToken(SCOPE).catch((error: unknown) => error);
await toldToGoOn();
await credential.close();
const outcome = await answered;
if (outcome instanceof CredentialClosedError) say({ code: outcome.code });
timeTheEnd();
