import { laterBy, makeCredential, SCOPE, say, timeTheEnd, toldToGoOn } from "./script.ts";

const credential = makeCredential({ resilience: { backoffMs: 5_000 } });
await credential.getToken(SCOPE);
laterBy(56);
const { token } = await credential.getToken(SCOPE);
say({ token });
await toldToGoOn();
timeTheEnd();
