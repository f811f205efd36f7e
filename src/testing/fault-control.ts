import { type ActiveFault, ActiveFaults } from "./active-faults.ts";
import type { EffectParts } from "./effect-of.ts";
import type { Fault, FaultTimeline } from "./fault.ts";
import { readFault } from "./fault-checks.ts";
import { parseTimeline } from "./parse-timeline.ts";
import { type FaultRun, TimelineRun } from "./timeline-run.ts";

/** The faults of an authority, by hand and by timeline. */
export class FaultControl {
  readonly #active: ActiveFaults;
  readonly #runs = new Set<FaultRun>();
  #closed = false;

  constructor(parts: EffectParts) {
    this.#active = new ActiveFaults(parts);
  }

  /** Begins a fault; call what it returns to end it. */
  inject(fault: Fault): () => void {
    return this.#active.begin(readFault("fault", fault));
  }

  /** Plays a timeline; once closed, nothing of it. */
  play(timeline: FaultTimeline): FaultRun {
    const checked = parseTimeline(timeline);
    const run = new TimelineRun(this.#closed ? { faults: [] } : checked, (fault) =>
      this.#active.begin(fault),
    );
    this.#runs.add(run);
    void run.ended.then(() => this.#runs.delete(run));
    return run;
  }

  /** Ends all faults, and all timelines that would bring more. */
  clear(): void {
    for (const run of this.#runs) run.stop();
    this.#active.clear();
  }

  /** Ends all that is there and all that would come. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** Those that meet a request to this tenant, outermost first. */
  meeting(tenantId: string): readonly ActiveFault[] {
    return this.#active.meeting(tenantId);
  }
}
