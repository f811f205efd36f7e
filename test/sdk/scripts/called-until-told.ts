import { makeCredential, SCOPE, toldToGoOn } from "../../real/scripts/script.ts";
import { print, printTheEnd } from "./print.ts";

// A program that has had its token and still runs for a while.
await makeCredential().getToken(SCOPE);
print("token");
await toldToGoOn();
printTheEnd();
