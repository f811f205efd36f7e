import { AGING_MS, SOON_DUE } from "../aging.ts";
import { answersTo, refusals } from "../answer.ts";
import { counted, type Expectation } from "../expectation.ts";
import { Lane } from "../lane.ts";
import { loadIfInstalled } from "../load-if-installed.ts";
import type { Stage } from "../stage.ts";

const SCOPE = "https://vault.azure.net/.default";

/** The whole life of a token while all of OpenTelemetry throws. */
export async function throwingTelemetry(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority(SOON_DUE);
  const sabotage = await sabotageTelemetry();
  try {
    const credential = stage.credential(authority);
    const cold = await answersTo(50, () => credential.getToken(SCOPE));
    await stage.pause(AGING_MS);
    const lane = new Lane(credential, SCOPE);
    await stage.load([lane], { forMs: 1_000 });
    authority.injectFault({ kind: "refusal", error: "invalid_scope" });
    const refused = await answersTo(5, () =>
      credential.getToken("https://refused.example/.default"),
    );

    return [
      counted("calls of telemetry that threw", { seen: sabotage.thrown(), atLeast: 1 }),
      counted("rejected, cold", { seen: refusals(cold).length, exactly: 0 }),
      counted("rejected, cached", { seen: lane.meter.rejections, exactly: 0 }),
      counted("different tokens, after a renewal", { seen: lane.meter.tokens, exactly: 2 }),
      counted("refusals that arrive as they are", {
        seen: refusals(refused).filter(isTyped).length,
        exactly: 5,
      }),
    ];
  } finally {
    sabotage.end();
  }
}

function isTyped({ error }: { readonly error: unknown }): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_TOKEN_ENDPOINT";
}

interface Sabotage {
  readonly thrown: () => number;
  readonly end: () => void;
}

// OpenTelemetry hands out whatever was registered: here, things that throw whatever is asked of them.
async function sabotageTelemetry(): Promise<Sabotage> {
  const api = await loadIfInstalled("@opentelemetry/api");
  if (api === undefined) throw new Error("@opentelemetry/api is not installed");
  let thrown = 0;
  const hostile: object = new Proxy(Object.create(null), {
    get: () => () => {
      thrown += 1;
      throw new Error("sabotage");
    },
  });
  const tracing = { getTracer: () => hostile };
  const metering = { getMeter: () => hostile };
  callApi({ api, signal: "trace", method: "setGlobalTracerProvider", given: tracing });
  callApi({ api, signal: "metrics", method: "setGlobalMeterProvider", given: metering });
  callApi({ api, signal: "diag", method: "setLogger", given: hostile });
  return {
    thrown: () => thrown,
    end: () => {
      for (const signal of ["trace", "metrics", "diag"])
        callApi({ api, signal, method: "disable" });
    },
  };
}

interface ApiCall {
  readonly api: object;
  readonly signal: string;
  readonly method: string;
  readonly given?: object;
}

function callApi({ api, signal, method, given }: ApiCall): void {
  const part: unknown = Reflect.get(api, signal);
  if (typeof part !== "object" || part === null) return;
  const called: unknown = Reflect.get(part, method);
  if (typeof called === "function") called.call(part, given);
}
