import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { onTestFinished, vi } from "vitest";
import { ASSERTIONS, type Canary, TOKEN } from "./canaries.ts";
import { leaksOf } from "./search.ts";

// Cache keys and values are published on the first; the others trace what lru-cache loads.
const CHANNELS = [
  "lru-cache:metrics",
  ...["start", "end", "asyncStart", "asyncEnd", "error"].map(
    (event) => `tracing:lru-cache:${event}`,
  ),
];

const ALL = [...ASSERTIONS, TOKEN];

const CONSOLE = ["log", "info", "warn", "error", "debug", "trace", "dir"] as const;

interface Exhibit {
  readonly where: string;
  readonly value: unknown;
}

/** Collects what anybody could see while a test runs, and at its end looks for secrets in it. */
export class Evidence {
  readonly #exhibits: Exhibit[] = [];
  readonly #early: string[] = [];
  readonly published: unknown[] = [];

  constructor() {
    for (const channel of CHANNELS) this.#listenOn(channel);
    this.#watchConsole();
    const onWarning = (warning: Error) => this.show("a warning", warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
  }

  /** Adds something that must hold no secret, neither now nor at the end; gives it back. */
  show<T>(where: string, value: T): T {
    this.#exhibits.push({ where, value });
    this.#early.push(...leaksIn({ where, value }, ALL));
    return value;
  }

  /** Where which secret showed. */
  leaks(): readonly string[] {
    return [...this.#early, ...this.#exhibits.flatMap((exhibit) => leaksIn(exhibit, ALL))];
  }

  #listenOn(channel: string): void {
    const listener = (message: unknown) => {
      this.published.push(message);
      this.show(channel, message);
    };
    subscribe(channel, listener);
    onTestFinished(() => void unsubscribe(channel, listener));
  }

  #watchConsole(): void {
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((text) => {
        this.show("the output", text);
        return true;
      }),
    );
    const methods = CONSOLE.map((method) =>
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
        this.show(`console.${method}`, args);
      }),
    );
    onTestFinished(() => {
      for (const spy of [...streams, ...methods]) spy.mockRestore();
    });
  }
}

function leaksIn({ where, value }: Exhibit, canaries: readonly Canary[]): readonly string[] {
  return leaksOf(value, canaries).map((leak) => `${where}: ${leak}`);
}
