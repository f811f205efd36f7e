import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { ClientAssertionCredential } from "../../../src/index.ts";
import { useFakeClock } from "../../support/clock.ts";
import { type credentialAgainst, SCOPE } from "../../support/credentials.ts";
import type { FakeEntra } from "../../support/fake-entra.ts";
import { failures } from "./agreement.ts";
import { departures } from "./conformity.ts";
import { fromMemory } from "./from-memory.ts";
import { fromOtlp } from "./from-otlp.ts";
import { written } from "./notation.ts";
import { useOtlpReceiver } from "./otlp-receiver.ts";
import { linesOf, type Page } from "./page.ts";
import { Recorder } from "./recorder.ts";

type Product = typeof import("../../../src/index.ts");
type Clock = ReturnType<typeof useFakeClock>;
type Options = Parameters<typeof credentialAgainst>[1];

/** A copy of the package that nothing has used yet, as in a process that has just started. */
interface Copy extends Product {
  /** A credential named shop against the fake authority. */
  credential(entra: FakeEntra, options?: Options): ClientAssertionCredential;
}

/** One scene of the behavior book under the eyes of an SDK. */
export interface Scene extends Pick<Copy, "credential" | "createResilience" | "TransportError"> {
  readonly clock: Clock;
  /**
   * A credential that got its first token for SCOPE before there was an SDK: what that call told is off
   * the page, save that it was counted as an acquisition.
   */
  warmed(entra: FakeEntra, options?: Options): Promise<ClientAssertionCredential>;
  /** Waits for something that takes so long on the fake clock. */
  after<T>(span: Parameters<Clock["advance"]>[0], work: Promise<T>): Promise<T>;
  /** Loads the package once more into the same process. */
  secondCopy(): Promise<Copy>;
  /**
   * Compares all that the SDK was told with the page: as an exporter in this process gets it, and as a
   * receiver gets it from the OTLP exporters. Ends the scene, since it needs the real clock.
   */
  tells(page: Page): Promise<void>;
  /** Compares how things stand now, as `tells` does at the end. */
  stands(so: Page["state"]): Promise<void>;
}

/**
 * A fresh process for each test of the file: a copy of the package, an SDK, a fake clock, and chance
 * that always draws the least.
 */
export function useScene(): Scene {
  const receiver = useOtlpReceiver();
  let copy: Copy;
  let recorder: Recorder;

  beforeEach(async () => {
    forgetOtherCopies();
    copy = await freshCopy();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    recorder = new Recorder();
    recorder.register();
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  const clock = useFakeClock();
  afterEach(() => {
    vi.restoreAllMocks();
    recorder.unregister();
    context.disable();
  });

  return {
    clock,
    credential: (...given) => copy.credential(...given),
    createResilience: (...given) => copy.createResilience(...given),
    get TransportError() {
      return copy.TransportError;
    },
    warmed: async (...given) => {
      recorder.unregister();
      const credential = copy.credential(...given);
      const call = credential.getToken(SCOPE);
      await clock.advance({ ms: 100 });
      await call;
      recorder.register();
      return credential;
    },
    secondCopy: freshCopy,
    after: async (span, work) => {
      await clock.advance(span);
      return work;
    },
    stands: async (so) => {
      const { state } = written(fromMemory(await recorder.recording()));

      expect(state).toEqual(linesOf({ state: so }).state);
    },
    tells: async (page) => {
      const recording = await recorder.recording();
      vi.useRealTimers();
      const here = fromMemory(recording);
      const there = fromOtlp(await receiver.sent(recording));

      const lines = linesOf(page);
      expect(written(here), "in this process").toEqual(lines);
      expect(written(there), "over OTLP").toEqual(lines);
      expect(departures(here, page.own), "departures from the registry").toEqual([]);
      expect(departures(there, page.own), "departures from the registry").toEqual([]);
      if (page.callsWithoutSpans) return;
      for (const { onSpans, onMetrics } of failures(there)) expect(onMetrics).toEqual(onSpans);
    },
  };
}

async function freshCopy(): Promise<Copy> {
  vi.resetModules();
  const product = await import("../../../src/index.ts");
  const support = await import("../../support/credentials.ts");
  return {
    ...product,
    credential: (entra, { telemetry, ...options } = {}) =>
      support.credentialAgainst(entra, { ...options, telemetry: { name: "shop", ...telemetry } }),
  };
}

// All copies of the package in a process share what they count, so that none overwrites another's.
function forgetOtherCopies(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis)) {
    if (key.description?.startsWith("affiant.")) Reflect.deleteProperty(globalThis, key);
  }
}
