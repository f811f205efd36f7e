import { makeCredential, SCOPE, say, timeTheEnd } from "./script.ts";

const { token } = await makeCredential().getToken(SCOPE);
say({ token });
timeTheEnd();
