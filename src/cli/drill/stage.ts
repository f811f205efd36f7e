import { setTimeout as pause } from "node:timers/promises";
import type { ClientAssertionCredentialOptions } from "../../index.ts";
import type { AuthorityBehavior, LocalAuthority } from "../../testing/index.ts";
import type { Contender, MakeContender, Sign } from "./contender.ts";
import { type Kit, startAuthority } from "./kit.ts";
import type { Lane } from "./lane.ts";
import { load } from "./load.ts";

/** What a stage is made with. */
export interface StageSetup {
  readonly kit: Kit;
  readonly makeContender: MakeContender;
  /** How long a fault lasts. */
  readonly seconds: number;
  /** How long to watch for something that may never come, in milliseconds. */
  readonly patienceMs: number;
  /** Ends the scenario: pauses reject, loads stop. */
  readonly signal: AbortSignal;
  /** Told of calls as they are made. */
  readonly made: (calls: number) => void;
}

/** A credential on the stage. */
export interface Player {
  /** @defaultValue signs as the app */
  readonly getAssertion?: Sign;
  readonly options?: ClientAssertionCredentialOptions;
}

/** Where one scenario is played: its authorities and credentials, all closed when it is over. */
export class Stage {
  readonly seconds: number;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Tells that so many calls were made. */
  readonly made: (calls: number) => void;
  readonly #kit: Kit;
  readonly #makeContender: MakeContender;
  readonly #contenders: Contender[] = [];
  readonly #authorities: LocalAuthority[] = [];
  #closed = false;

  constructor({ kit, makeContender, seconds, patienceMs, signal, made }: StageSetup) {
    this.#kit = kit;
    this.#makeContender = makeContender;
    this.seconds = seconds;
    this.patienceMs = patienceMs;
    this.signal = signal;
    this.made = made;
  }

  /** Starts an authority that knows the app. */
  async authority(behavior: AuthorityBehavior = {}): Promise<LocalAuthority> {
    this.signal.throwIfAborted();
    const authority = await startAuthority(this.#kit, behavior);
    if (this.#closed) await authority.close();
    this.#authorities.push(authority);
    return authority;
  }

  /** Makes a credential. */
  credential(authority: LocalAuthority, player: Player = {}): Contender {
    this.signal.throwIfAborted();
    const { getAssertion: sign = this.#kit.sign, options = {} } = player;
    const contender = this.#makeContender({ authority, sign, options });
    this.#contenders.push(contender);
    return contender;
  }

  /** @throws when the drill is interrupted. */
  async pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.signal });
  }

  /** Puts the lanes under load, each for windows of this length. */
  async load(lanes: readonly Lane[], { forMs, windowMs = 50 }: LoadTimes): Promise<void> {
    await load(lanes, { forMs, windowMs, signal: this.signal, made: this.made });
    this.signal.throwIfAborted();
  }

  /** Requests that all its authorities have counted. */
  get requests(): number {
    return this.#authorities.reduce((sum, { requestCount }) => sum + requestCount, 0);
  }

  /** Closes all that was opened on the stage; may be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#contenders.map((contender) => contender.close()));
    await Promise.allSettled(this.#authorities.map((authority) => authority.close()));
  }
}

/** How long lanes are under load. */
export interface LoadTimes {
  readonly forMs: number;
  /** @defaultValue 50 */
  readonly windowMs?: number;
}
