import type { IncomingMessage, ServerResponse } from "node:http";
import { loopbackServer } from "../../real/support/loopback-server.ts";

/** A collector as far as OTLP over HTTP goes: it takes everything and keeps it. */
export interface OtlpReceiver {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly contentTypes: readonly string[];
  /** All that was sent, as it came over the wire. */
  text(): string;
  /** What was sent as JSON, by name. */
  spanNames(): readonly string[];
  metricNames(): readonly string[];
  eventNames(): readonly string[];
  /** The attributes of the resource that sent something. */
  resource(): Readonly<Record<string, unknown>>;
  /** Resolves when so many posts to a path have come. */
  posted(path: string, count: number): Promise<void>;
}

type Answer = (response: ServerResponse) => void;

const TAKEN: Answer = (response) => response.end();

/** Answers each post once its body is there. */
export async function otlpReceiver(answer: Answer = TAKEN): Promise<OtlpReceiver> {
  const posts: Post[] = [];
  const arrivals = new EventTarget();
  const { origin } = await loopbackServer((request, response) => {
    void bodyOf(request).then((body) => {
      posts.push({ path: request.url ?? "", type: request.headers["content-type"] ?? "", body });
      arrivals.dispatchEvent(new Event("post"));
      answer(response);
    });
  });
  const resources = () => posts.flatMap(({ body }) => resourcesIn(JSON.parse(body.toString())));
  const named = (kind: string) =>
    resources().flatMap(({ scopes }) => scopes.flatMap((scope) => scope[kind] ?? []));

  return {
    origin,
    get paths() {
      return posts.map(({ path }) => path);
    },
    get contentTypes() {
      return posts.map(({ type }) => type);
    },
    text: () => posts.map(({ body }) => body.toString("latin1")).join("\n"),
    spanNames: () => named("spans").map(({ name }) => name ?? ""),
    metricNames: () => named("metrics").map(({ name }) => name ?? ""),
    eventNames: () => named("logRecords").map(({ eventName }) => eventName ?? ""),
    resource: () => Object.assign({}, ...resources().map(({ attributes }) => attributes)),
    posted: async (path, count) => {
      const has = () => posts.filter((post) => post.path === path).length >= count;
      while (!has()) {
        await new Promise((come) => arrivals.addEventListener("post", come, { once: true }));
      }
    },
  };
}

interface Post {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

interface Item {
  readonly name?: string;
  readonly eventName?: string;
}

type Scope = Readonly<Record<string, readonly Item[]>>;

interface Entry {
  readonly resource: {
    readonly attributes: readonly { readonly key: string; readonly value: object }[];
  };
  readonly scopeSpans?: readonly Scope[];
  readonly scopeMetrics?: readonly Scope[];
  readonly scopeLogs?: readonly Scope[];
}

/** The three messages of OTLP in one: each has one of these. */
interface Payload {
  readonly resourceSpans?: readonly Entry[];
  readonly resourceMetrics?: readonly Entry[];
  readonly resourceLogs?: readonly Entry[];
}

interface FromResource {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scopes: readonly Scope[];
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function resourcesIn(payload: Payload): readonly FromResource[] {
  const { resourceSpans = [], resourceMetrics = [], resourceLogs = [] } = payload;
  return [...resourceSpans, ...resourceMetrics, ...resourceLogs].map((entry) => ({
    attributes: Object.fromEntries(
      entry.resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
    ),
    scopes: entry.scopeSpans ?? entry.scopeMetrics ?? entry.scopeLogs ?? [],
  }));
}
