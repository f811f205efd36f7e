import { describe, expect, test } from "vitest";
import { fakeEntra } from "../support/fake-entra.ts";
import { constructWith, expectUnavailable, thrownBy } from "./expectations.ts";

describe("1.7 an unknown member of a group names the nearest", () => {
  test.each<[object, RegExp]>([
    [{ cache: { maxEntry: 1 } }, /cache has no option "maxEntry". Did you mean maxEntries\?/],
    [{ cache: { size: 1 } }, /cache has no option "size". It takes maxEntries\./],
    [{ refresh: { window: 1 } }, /refresh has no option "window". Did you mean windowMs\?/],
    [{ refresh: { expireMarginMs: 1 } }, /Did you mean expiryMarginMs\?/],
    [{ refresh: { cooldownMS: 1 } }, /Did you mean coolDownMs\?/],
    [
      { resilience: { maxRetry: 1 } },
      /resilience has no option "maxRetry". Did you mean maxRetries\?/,
    ],
    [{ resilience: { deadline: 1 } }, /Did you mean deadlineMs\?/],
    [{ resilience: { circuitbreaker: false } }, /Did you mean circuitBreaker\?/],
    [
      { resilience: { hedging: true } },
      /resilience has no option "hedging". It takes deadlineMs, /,
    ],
    [
      { resilience: { circuitBreaker: { failure: 1 } } },
      /resilience.circuitBreaker has no option "failure". Did you mean failures\?/,
    ],
    [{ telemetry: { enable: true } }, /telemetry has no option "enable". Did you mean enabled\?/],
    [{ tls: { cert: "x" } }, /tls has no option "cert". It takes ca\./],
  ])("%j", (options, message) => {
    expectUnavailable(
      thrownBy(() => constructWith(options)),
      message,
    );
  });
});

describe("1.7 a group that is no object is refused", () => {
  const groups = ["cache", "refresh", "resilience", "telemetry", "tls"];
  test.each(groups.flatMap((group) => [null, 5, "x", true, []].map((value) => [group, value])))(
    "%s: %j",
    (group, value) => {
      const error = thrownBy(() => constructWith({ [String(group)]: value }));

      expectUnavailable(error, new RegExp(`^${group} takes an options object, not `));
    },
  );

  test.each(["circuitBreaker", "bulkhead", "retryBudget"])(
    "resilience.%s is false or an object",
    (policy) => {
      const error = thrownBy(() => constructWith({ resilience: { [policy]: true } }));

      expectUnavailable(error, new RegExp(`^resilience.${policy} takes an options object`));
    },
  );
});

const NUMBERS: readonly (readonly [path: string, below: number, above: number])[] = [
  ["cache.maxEntries", 0, 1_000_001],
  ["refresh.windowMs", -1, 86_400_001],
  ["refresh.expiryMarginMs", -1, 3_600_001],
  ["refresh.jitter", -0.1, 0.51],
  ["refresh.coolDownMs", 99, 3_600_001],
  ["refresh.maxCoolDownMs", 99, 86_400_001],
  ["resilience.deadlineMs", 0, 3_600_001],
  ["resilience.attemptTimeoutMs", 0, 3_600_001],
  ["resilience.assertionTimeoutMs", 0, 3_600_001],
  ["resilience.maxRetries", -1, 11],
  ["resilience.backoffMs", 0, 60_001],
  ["resilience.maxBackoffMs", 0, 3_600_001],
  ["resilience.circuitBreaker.failures", 0, 1_001],
  ["resilience.circuitBreaker.openMs", 99, 3_600_001],
  ["resilience.bulkhead.concurrent", 0, 10_001],
  ["resilience.bulkhead.queued", -1, 1_000_001],
  ["resilience.retryBudget.share", -0.1, 10.05],
  ["resilience.retryBudget.floor", -1, 10_001],
  ["resilience.retryBudget.windowMs", 999, 3_600_001],
];

const FRACTIONS = ["refresh.jitter", "resilience.retryBudget.share"];

/** An options object with one member set, however deep. */
function optionsWith(path: string, value: unknown): unknown {
  return path.split(".").reduceRight((inner: unknown, name) => ({ [name]: inner }), value);
}

describe("1.7 a number of a wrong type or out of its range is refused, saying what is allowed", () => {
  const cases = NUMBERS.flatMap(([path, below, above]) => {
    const wrong = [below, above, Number.NaN, Number.POSITIVE_INFINITY, "5", null, true, [5]];
    return wrong.map((value) => [path, value] as const);
  });

  test.each(cases)("%s: %j", (path, value) => {
    const got = typeof value === "number" ? String(value) : "(?:null|a value of type|an array)";

    const error = thrownBy(() => constructWith(optionsWith(path, value)));

    expectUnavailable(
      error,
      new RegExp(`^${path.replaceAll(".", "\\.")} must be an? .*number from .* to .*, not ${got}`),
    );
  });

  test.each(NUMBERS.filter(([path]) => !FRACTIONS.includes(path)))(
    "%s is whole",
    (path, _below, above) => {
      const error = thrownBy(() => constructWith(optionsWith(path, above / 2 + 0.25)));

      expectUnavailable(error, /must be a whole number/);
    },
  );

  test.each(NUMBERS)("%s may be the least, and the greatest", (path, below, above) => {
    const [least, greatest] = FRACTIONS.includes(path)
      ? [0, Math.floor(above * 10) / 10]
      : [below + 1, above - 1];

    expect(() => constructWith(optionsWith(path, least))).not.toThrow();
    expect(() => constructWith(optionsWith(path, greatest))).not.toThrow();
  });
});

describe("1.7 any other known option of a wrong type is refused by its name", () => {
  test.each<[object, RegExp]>([
    [{ additionallyAllowedTenants: "*" }, /^additionallyAllowedTenants must be an array/],
    [{ additionallyAllowedTenants: null }, /^additionallyAllowedTenants must be an array/],
    [
      { additionallyAllowedTenants: [5] },
      /^additionallyAllowedTenants must be an array of strings/,
    ],
    [{ additionallyAllowedTenants: ["a", ""] }, /^additionallyAllowedTenants\[1\] is not a tenant/],
    [{ additionallyAllowedTenants: ["a/b"] }, /^additionallyAllowedTenants\[0\] is not a tenant/],
    [{ additionallyAllowedTenants: ["common"] }, /^additionallyAllowedTenants\[0\] is 'common'/],
    [{ disableInstanceDiscovery: "no" }, /^disableInstanceDiscovery must be true or false/],
    [{ unsafeAllowInsecureLoopback: 1 }, /^unsafeAllowInsecureLoopback must be true or false/],
    [{ refresh: { keepWarm: "yes" } }, /^refresh.keepWarm must be true or false/],
    [{ resilience: { run: () => {} } }, /^resilience has no option "run"/],
    [{ telemetry: { enabled: "yes" } }, /^telemetry.enabled must be true or false/],
    [{ telemetry: { name: "" } }, /^telemetry.name must be a string that is not blank/],
    [{ telemetry: { name: 5 } }, /^telemetry.name must be a string that is not blank/],
    [
      { telemetry: { spans: "some" } },
      /^telemetry.spans must be one of all, sampled-parent, flights, not "some"/,
    ],
    [
      { telemetry: { spans: true } },
      /^telemetry.spans must be one of all, sampled-parent, flights, not/,
    ],
    [{ telemetry: { identifiers: "no" } }, /^telemetry.identifiers must be true or false/],
    [
      { telemetry: { metricAttributes: "entra.tenant.id" } },
      /^telemetry.metricAttributes must be an array/,
    ],
    [
      { telemetry: { metricAttributes: ["tenant"] } },
      /^telemetry.metricAttributes\[0\] must be one of entra.tenant.id, /,
    ],
    [{ telemetry: { spanAttributes: {} } }, /^telemetry.spanAttributes must be a function/],
    [{ telemetry: { httpClientMetric: 1 } }, /^telemetry.httpClientMetric must be true or false/],
    [
      { loggingOptions: { allowLoggingAccountIdentifiers: "yes" } },
      /^loggingOptions.allowLoggingAccountIdentifiers must be true or false/,
    ],
    [{ transport: null }, /^transport must be an object with a post method/],
    [{ transport: {} }, /^transport must be an object with a post method/],
    [{ transport: async () => "x" }, /^transport must be an object with a post method/],
    [{ tls: { ca: "" } }, /^tls.ca must be a certificate in PEM/],
    [{ tls: { ca: [] } }, /^tls.ca must be a certificate in PEM/],
    [{ tls: { ca: Buffer.from("x") } }, /^tls.ca must be a certificate in PEM/],
    [{ tls: { ca: "/etc/ssl/ca.pem" } }, /^tls.ca must be a certificate in PEM/],
    [{ userAgentOptions: { userAgentPrefix: 5 } }, /^userAgentOptions.userAgentPrefix must be/],
    [{ userAgentOptions: { userAgentPrefix: " " } }, /^userAgentOptions.userAgentPrefix must be/],
    [{ proxyOptions: "http://proxy.example:1" }, /^proxyOptions must be an object/],
    [{ proxyOptions: null }, /^proxyOptions must be an object/],
    [{ proxyOptions: {} }, /^proxyOptions.host must be a string/],
    [{ proxyOptions: { host: "ftp://proxy.example", port: 1 } }, /^proxyOptions.host must be/],
    [{ proxyOptions: { host: "proxy.example/path", port: 1 } }, /^proxyOptions.host must be/],
    [
      { proxyOptions: { host: "proxy.example", port: 1, username: {} } },
      /^proxyOptions.username must be a string/,
    ],
    [{ userAgentOptions: "myapp" }, /^userAgentOptions must be an object/],
    [{ loggingOptions: 5 }, /^loggingOptions must be an object/],
    [{ tokenCachePersistenceOptions: true }, /^tokenCachePersistenceOptions must be an object/],
    [
      { tls: { ca: "-----BEGIN CERTIFICATE-----garbage-----END CERTIFICATE-----" } },
      /^tls.ca must be a certificate/,
    ],
    [
      { refresh: { coolDownMs: 2_000, maxCoolDownMs: 1_000 } },
      /^refresh.maxCoolDownMs must be at least refresh.coolDownMs/,
    ],
    [
      { resilience: { backoffMs: 2_000, maxBackoffMs: 1_000 } },
      /^resilience.maxBackoffMs must be at least resilience.backoffMs/,
    ],
    [
      { proxyOptions: { host: "http://[bad", port: 1 } },
      /^proxyOptions.host must be a host or an http or https origin/,
    ],
    [
      { proxyOptions: { host: "proxy.example", port: 0 } },
      /^proxyOptions.port must be a whole number/,
    ],
    [{ proxyOptions: { host: "proxy.example", port: "1" } }, /^proxyOptions.port must be a whole/],
  ])("%j", (options, message) => {
    expectUnavailable(
      thrownBy(() => constructWith(options)),
      message,
    );
  });
});

test("1.7 a refused credential has asked nobody for anything", () => {
  const entra = fakeEntra();

  expect(() => constructWith({ transport: entra, cache: { maxEntries: 0 } })).toThrow();

  expect(entra.requests).toEqual([]);
  expect(entra.closed).toBe(0);
});

test("1.7 unknown options at the top are ignored: they may be another library's", () => {
  const options = { logger: {}, cacheTtl: 5, retryPolicy: null };

  expect(() => constructWith({ ...options, transport: fakeEntra() })).not.toThrow();
});
