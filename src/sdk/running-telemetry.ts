import { diag } from "@opentelemetry/api";
import { type Provider, unregisterSdk } from "./api-globals.ts";
import { settledWithin } from "./settled-within.ts";
import type { Telemetry } from "./telemetry.ts";

export interface RunningOptions {
  readonly providers: readonly Provider[];
  readonly flushTimeoutMs: number;
  /** Called when it begins to end. */
  readonly onEnd: () => void;
}

/** An SDK that was started here. It is flushed when the process has nothing left to do. */
export class RunningTelemetry implements Telemetry {
  readonly #options: RunningOptions;
  readonly #whenIdle = () => this.#endWithProcess();
  /** Whether all was sent in time. */
  #ended: Promise<boolean> | undefined;

  constructor(options: RunningOptions) {
    this.#options = options;
    // Ahead of the others, so that it is seen whether there are any.
    process.prependOnceListener("beforeExit", this.#whenIdle);
  }

  async forceFlush(): Promise<void> {
    await (this.#ended ?? this.#onEach((provider) => provider.forceFlush()));
  }

  async shutdown(): Promise<void> {
    await this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  #end(): Promise<boolean> {
    this.#ended ??= this.#shutDown();
    return this.#ended;
  }

  #shutDown(): Promise<boolean> {
    process.removeListener("beforeExit", this.#whenIdle);
    this.#options.onEnd();
    // First: a provider that has ended warns everybody who still asks it for something.
    unregisterSdk();
    return this.#onEach((provider) => provider.shutdown());
  }

  async #endWithProcess(): Promise<void> {
    const isAlone = process.listenerCount("beforeExit") === 0;
    const isInTime = await this.#end();
    // The process had nothing to do but this, and an exporter holds it still. If others were told
    // too, they may have begun something, and the exporters' own limits must do.
    // Not at once: a warning just given is on its way.
    if (isAlone && !isInTime) setImmediate(() => process.exit());
  }

  async #onEach(act: (provider: Provider) => Promise<void>): Promise<boolean> {
    const { providers, flushTimeoutMs } = this.#options;
    const acts = providers.map(async (provider) => {
      try {
        await act(provider);
      } catch (error) {
        diag.error(`affiant: telemetry export failed: ${reasonOf(error)}`);
      }
    });
    const isInTime = await settledWithin(flushTimeoutMs, acts);
    if (!isInTime) {
      diag.error(`affiant: telemetry export timed out after ${flushTimeoutMs} ms`);
    }
    return isInTime;
  }
}

// A tracer provider throws the errors of its processors as an array.
function reasonOf(thrown: unknown): string {
  const errors: readonly unknown[] = Array.isArray(thrown) ? thrown : [thrown];
  return errors
    .map((error) => (error instanceof Error ? error.message || error.name : typeof error))
    .join(", ");
}
