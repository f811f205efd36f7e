import { laterBy, makeCredential, SCOPE, say, toldToGoOn } from "./script.ts";

const credential = makeCredential();
await credential.getToken(SCOPE);
laterBy(56);
await credential.getToken(SCOPE);
await toldToGoOn();
laterBy(4);
const joined = credential.getToken(SCOPE);
say({ event: "joined" });
say({ token: (await joined).token });
