import { type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { redactSecrets } from "../domain/redact.ts";
import { isRegistered } from "./api-globals.ts";
import { variable } from "./environment.ts";

/**
 * Lets the SDK say what goes wrong, in few words: it is silent by default, and with its own logger
 * it complains with a stack at every interval.
 *
 * Not when the application has a logger of its own, nor when `OTEL_LOG_LEVEL` or a configuration
 * file asks for the SDK's.
 */
export function sayTroubleOnce(): void {
  const isAskedFor = variable("OTEL_LOG_LEVEL") ?? variable("OTEL_CONFIG_FILE");
  if (isAskedFor !== undefined || isRegistered("diag")) return;
  diag.setLogger(new QuietLogger(), { logLevel: DiagLogLevel.WARN });
}

// Enough for what can be misconfigured; a fault of another kind each second must not fill a disk.
const MAX_LINES = 10;

/** Says each trouble once per process; that nothing is delivered is one, whatever the reason and the signal. */
class QuietLogger implements DiagLogger {
  readonly #told = new Set<string>();
  #waiting: string[] = [];

  error(...words: readonly unknown[]): void {
    this.#hear(words);
  }

  warn(...words: readonly unknown[]): void {
    this.#hear(words);
  }

  info(): void {}
  debug(): void {}
  verbose(): void {}

  #hear(words: readonly unknown[]): void {
    const trouble = troubleIn(words.map(inWords).join(" "));
    if (trouble === undefined || this.#told.has(trouble.kind)) return;
    if (this.#told.size >= MAX_LINES) return;
    this.#told.add(trouble.kind);
    this.#waiting.push(trouble.line);
    if (this.#waiting.length === 1) queueMicrotask(() => this.#tell());
  }

  // What is said at once, as at the start, is said in one line.
  #tell(): void {
    const lines = this.#waiting;
    this.#waiting = [];
    process.emitWarning(`OpenTelemetry: ${lines.join("; ")}`, {
      type: "AffiantWarning",
      code: "AFFIANT_TELEMETRY",
    });
  }
}

interface Trouble {
  /** Two of a kind are the same trouble. */
  readonly kind: string;
  readonly line: string;
}

const HINT =
  "Is a collector there? OTEL_EXPORTER_OTLP_ENDPOINT says where; OTEL_TRACES_EXPORTER=none and the same for METRICS and LOGS send nothing. This is said once, OTEL_LOG_LEVEL=warn says it each time";

const NO_TROUBLE = [
  // The application sets a logger of its own, and all else goes there.
  "Current logger will ",
  // With the Prometheus exporter nobody waits for the machine's id, and each scrape says so.
  "Accessing resource attributes before async attributes settled",
];

function troubleIn(words: string): Trouble | undefined {
  if (NO_TROUBLE.some((start) => words.startsWith(start))) return undefined;
  if (words.includes("duplicate registration")) {
    const line = "an SDK of the application's own came second and is not used. Start only one";
    return { kind: "duplicate", line };
  }
  const [first = ""] = words.split("\n");
  const line = withoutSecrets(first.replace(/^affiant: /, ""));
  return /\bexport (?:failed|timed out)/.test(first)
    ? { kind: "delivery", line: `${line}. ${HINT}` }
    : { kind: line.replace(/\d+/g, "0"), line };
}

function inWords(word: unknown): string {
  if (word instanceof Error) return `${word.name}: ${word.message}`;
  const text = typeof word === "string" ? word : typeof word;
  return text.startsWith("{") ? `export failed: ${thrownInside(text)}` : text;
}

const METRICS_NOT_SENT =
  /^PeriodicExportingMetricReader: metrics export failed \(error (?:\w*Error: )?(.*)\)$/;

// Errors of exports arrive as JSON of all their properties, the stack first.
function thrownInside(text: string): string {
  try {
    const { message, errors, code }: Record<string, unknown> = JSON.parse(text);
    return String(message ?? errors ?? code).replace(METRICS_NOT_SENT, "$1");
  } catch {
    return text;
  }
}

// An address of the configuration may hold a password, before its host or behind a question mark.
function withoutSecrets(text: string): string {
  return redactSecrets(text)
    .replace(/(\/{1,2})[^/\s]*@/g, "$1[redacted]@")
    .replace(/\?[^\s"']+=[^\s"']*/g, "?[redacted]");
}
