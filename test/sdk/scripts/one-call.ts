import { logs } from "@opentelemetry/api";
import { makeCredential, SCOPE } from "../../real/scripts/script.ts";
import { print, printTheEnd } from "./print.ts";

// A program that knows nothing of an SDK: a call, and a log event of its own.
const { token } = await makeCredential().getToken(SCOPE);
logs.getLogger("program").emit({ eventName: "program.called" });
print(token === "" ? "no token" : "token");
printTheEnd();
