import { createInterface } from "node:readline";
import { laterBy, makeCredential, SCOPE, say, timeTheEnd } from "../../real/scripts/script.ts";

// One line lets the refresh begin, another has the credential closed, the end of the lines is the end.
const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const credential = makeCredential();
await credential.getToken(SCOPE);
say({ event: "warm" });
await told.next();
laterBy(56);
const { token } = await credential.getToken(SCOPE);
say({ token });
const last = await told.next();
if (last.done !== true) await credential.close();
timeTheEnd();
