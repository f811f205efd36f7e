import type { EndpointRequest, EndpointResponse, TokenEndpoint } from "../../src/index.ts";

/** What was asked of the fake authority. */
export interface SeenRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
  readonly signal: AbortSignal;
}

export interface Grant {
  readonly expires_in?: number | string;
  readonly refresh_in?: number;
  readonly [member: string]: unknown;
}

type Reply = (request: SeenRequest) => EndpointResponse | Promise<EndpointResponse>;

/**
 * A fake of our transport port: answers from a script and remembers what was asked. When the
 * script has run out, the last reply repeats; with no script at all each request gets a new token of an hour.
 */
export class FakeEntra implements TokenEndpoint {
  readonly requests: SeenRequest[] = [];
  closed = 0;
  readonly #script: Reply[] = [];
  #issued = 0;
  #latencyMs = 0;

  /** Answers the next request with a token of this name. */
  issues(token: string, grant: Grant = {}): this {
    return this.replies(() => granted(token, grant));
  }

  refuses(
    status: number,
    error: string,
    entraCode?: number,
    headers: EndpointResponse["headers"] = {},
  ): this {
    return this.replies(() => refused(status, error, entraCode, headers));
  }

  /** Answers the next request with this very text. */
  says(status: number, body: string, headers: EndpointResponse["headers"] = {}): this {
    return this.replies(() => ({ status, headers, body }));
  }

  /** The next request fails as the network does. */
  fails(systemCode: string): this {
    return this.replies(() => {
      throw Object.assign(new Error(`the network says ${systemCode}`), { code: systemCode });
    });
  }

  /** The next request is never answered; its signal ends it. */
  hangs(): this {
    return this.replies(
      ({ signal }) =>
        new Promise((_, reject) => {
          if (signal.aborted) reject(signal.reason);
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    );
  }

  /** The next request waits for the returned function to be called, and then gets the token. */
  holds(token: string, grant: Grant = {}): () => void {
    return this.holdsAnswer(granted(token, grant));
  }

  /** The next request waits for the returned function to be called, and then gets this answer. */
  holdsAnswer(answer: EndpointResponse): () => void {
    const gate = Promise.withResolvers<void>();
    this.replies(async () => {
      await gate.promise;
      return answer;
    });
    return gate.resolve;
  }

  /** Forgets the script, so that a new one may follow. */
  startsOver(): this {
    this.#script.length = 0;
    return this;
  }

  replies(reply: Reply): this {
    this.#script.push(reply);
    return this;
  }

  /** From now on each answer takes this long. */
  takes(latencyMs: number): this {
    this.#latencyMs = latencyMs;
    return this;
  }

  async post({ url, headers, form, signal }: EndpointRequest): Promise<EndpointResponse> {
    const seen = { url, headers, form: new URLSearchParams(form.encode()), signal };
    this.requests.push(seen);
    if (this.#latencyMs > 0) await sleep(this.#latencyMs, signal);
    return this.#next()(seen);
  }

  close(): void {
    this.closed += 1;
  }

  #next(): Reply {
    if (this.#script.length > 1) return this.#script.shift() ?? this.#fresh;
    return this.#script[0] ?? this.#fresh;
  }

  readonly #fresh: Reply = () => {
    this.#issued += 1;
    return granted(`token-${this.#issued}`);
  };
}

export function fakeEntra(): FakeEntra {
  return new FakeEntra();
}

function granted(token: string, grant: Grant = {}): EndpointResponse {
  const body = { token_type: "Bearer", expires_in: 3600, access_token: token, ...grant };
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

function refused(
  status: number,
  error: string,
  entraCode: number | undefined,
  headers: EndpointResponse["headers"],
): EndpointResponse {
  const description =
    entraCode === undefined ? "A made-up reason." : `AADSTS${entraCode}: A made-up reason.`;
  const codes = entraCode === undefined ? {} : { error_codes: [entraCode] };
  return {
    status,
    headers,
    body: JSON.stringify({ error, error_description: description, ...codes }),
  };
}

// On the clock of the test: a fake one where timers are faked.
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reject(signal.reason);
  });
  return promise;
}
