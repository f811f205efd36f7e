import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { ClientAssertionCredential } from "../../../src/index.ts";
import { CLIENT, TENANT } from "../support/identity.ts";
import type { Answer, Order, ServiceHandover } from "../support/remote-service.ts";
import { CredentialService } from "../support/service.ts";

const { authorityHost, ca, assertion, options }: ServiceHandover = JSON.parse(
  process.argv[2] ?? "",
);
const service = new CredentialService(
  () =>
    new ClientAssertionCredential(TENANT, CLIENT, () => assertion, {
      authorityHost,
      tls: { ca },
      ...options,
    }),
);

// Ends with its parent process: nothing more is said then.
for await (const line of createInterface({ input: process.stdin })) {
  const order: Order & { readonly id: number } = JSON.parse(line);
  void obey(order).then((result) =>
    answer({ id: order.id, result: JSON.stringify(result ?? null) }),
  );
}

function obey(order: Order) {
  switch (order.ask) {
    case "warmUp":
      return service.warmUp();
    case "untilDue":
      return service.untilDue();
    case "call":
      return service.call(...order.with);
    case "untilNewer":
      return service.untilNewer(...order.with);
    case "callCold":
      return service.callCold(...order.with);
    case "untilServedCold":
      return service.untilServedCold(...order.with);
    default:
      return order satisfies never;
  }
}

function answer(said: Answer): void {
  writeSync(1, `${JSON.stringify(said)}\n`);
}
