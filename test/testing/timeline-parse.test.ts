import { expect, test } from "vitest";
import { LocalAuthority, parseTimeline } from "../../src/testing/index.ts";

const EVERY_KIND = {
  name: "everything at once",
  faults: [
    { kind: "latency", latencyMs: 100, jitterMs: 50, atS: 0, forS: 60 },
    { kind: "refusal", status: 400, error: "invalid_grant", entraCode: 53003, atS: 0.5 },
    { kind: "throttle", status: 503, retryAfterS: 0.5, form: "retry-after-ms", atS: 1, share: 0.5 },
    { kind: "outage", status: 502, body: "html", atS: 2, tenant: "contoso.example" },
    { kind: "hang", where: "in-body", atS: 3 },
    { kind: "drip", bytesPerS: 10, atS: 4 },
    { kind: "reset", when: "before-request", atS: 5 },
    { kind: "body", body: "oversized", atS: 6 },
    { kind: "redirect", status: 308, location: "https://elsewhere.example", atS: 7 },
    { kind: "lifetime", expiresIn: null, atS: 8 },
    { kind: "lifetime", expiresIn: "same-expiry", atS: 8 },
    { kind: "skewed-date", skewS: -7200, atS: 9 },
    { kind: "key-rotation", atS: 10 },
  ],
};

test("a timeline is read from text, with a byte order mark too, and from what was parsed already", () => {
  const text = JSON.stringify(EVERY_KIND);

  expect(parseTimeline(text)).toEqual(EVERY_KIND);
  expect(parseTimeline(`\uFEFF${text}`)).toEqual(EVERY_KIND);
  expect(parseTimeline(EVERY_KIND)).toEqual(EVERY_KIND);
});

test("what is read is a frozen copy", () => {
  const given = { faults: [{ kind: "outage", atS: 0 }] };

  const read = parseTimeline(given);
  given.faults.length = 0;

  expect(read.faults).toHaveLength(1);
  expect([read, read.faults, read.faults[0]].every(Object.isFrozen)).toBe(true);
});

test.for([
  { json: "", message: "it ends too early, at line 1, column 1" },
  { json: '{ "faults": [', message: "it ends too early, at line 1, column 14" },
  { json: '{\n  "faults": [,]\n}', message: "the fault is at line 2, column 14" },
  { json: '{ "faults": [] } x', message: "the fault is at line 1, column 18" },
  { json: "{ 'faults': [] }", message: "the fault is at line 1, column 3" },
])("$json is no JSON: $message", ({ json, message }) => {
  expect(() => parseTimeline(json)).toThrow(new TypeError(`the timeline is not JSON: ${message}`));
});

test.for([
  { timeline: null, message: "the timeline must be an object, not null" },
  { timeline: [], message: "the timeline must be an object, not an array" },
  { timeline: "5", message: "the timeline must be an object, not number" },
  { timeline: {}, message: "faults must be an array, not undefined" },
  { timeline: { faults: {} }, message: "faults must be an array, not object" },
  {
    timeline: { faults: [], nmae: "x" },
    message: "the timeline has no member 'nmae'; did you mean 'name'?",
  },
  {
    timeline: { faults: [], name: "" },
    message: "name must be a non-empty string, not an empty string",
  },
  { timeline: { faults: [5] }, message: "faults[0] must be an object, not number" },
  {
    timeline: '{"faults":[{"__proto__":1}]}',
    message: "faults[0].kind must be a string, not undefined",
  },
])("$timeline is refused: $message", ({ timeline, message }) => {
  expect(() => parseTimeline(timeline)).toThrow(new TypeError(message));
});

const OUTAGE = { kind: "outage", atS: 0 };

test.for([
  { fault: { atS: 0 }, message: "faults[1].kind must be a string, not undefined" },
  { fault: { kind: 5, atS: 0 }, message: "faults[1].kind must be a string, not number" },
  { fault: { kind: "outage" }, message: "faults[1].atS is missing" },
  { fault: { kind: "latency", atS: 0 }, message: "faults[1].latencyMs is missing" },
  { fault: { ...OUTAGE, atS: "0" }, message: "faults[1].atS must be a number, not string" },
  { fault: { ...OUTAGE, status: "500" }, message: "faults[1].status must be a number, not string" },
  {
    fault: { ...OUTAGE, statsu: 500 },
    message: "faults[1] has no member 'statsu'; did you mean 'status'?",
  },
  {
    fault: { kind: "hang", atS: 0, quickly: true },
    message: "faults[1] has no member 'quickly'; it knows kind, where, tenant, share, atS, forS",
  },
  {
    fault: { ...OUTAGE, tenant: 5 },
    message: "faults[1].tenant must be a non-empty string, not number",
  },
  { fault: { ...OUTAGE, share: true }, message: "faults[1].share must be a number, not boolean" },
  {
    fault: { kind: "lifetime", expiresIn: [], atS: 0 },
    message: "faults[1].expiresIn must be a number, a string or null, not an array",
  },
  { fault: { kind: "lifetime", atS: 0 }, message: "faults[1].expiresIn is missing" },
  {
    fault: { kind: "refusal", error: "", atS: 0 },
    message: "faults[1].error must be a non-empty string, not an empty string",
  },
  {
    fault: { kind: "throttle", form: "date", atS: 0 },
    message: "faults[1].form is there without faults[1].retryAfterS, whose form it would be",
  },
])("the fault $fault is refused: $message", ({ fault, message }) => {
  expect(() => parseTimeline({ faults: [OUTAGE, fault] })).toThrow(new TypeError(message));
});

test.for([
  {
    fault: { kind: "latncy", atS: 0 },
    message: "faults[0].kind is 'latncy'; did you mean 'latency'?",
  },
  {
    fault: { kind: "toString", atS: 0 },
    message: /^faults\[0\]\.kind is 'toString'; it knows latency, refusal, /,
  },
  {
    fault: { ...OUTAGE, atS: -1 },
    message: "faults[0].atS must be a number from 0 to 2147483, not -1",
  },
  {
    fault: { ...OUTAGE, forS: 0 },
    message: "faults[0].forS must be a number from 0.001 to 2147483, not 0",
  },
  {
    fault: { ...OUTAGE, atS: 2_147_483, forS: 1 },
    message: "faults[0] ends after 2147484 s; a timeline lasts 2147483 s at most",
  },
  {
    fault: { ...OUTAGE, status: 499 },
    message: "faults[0].status must be a whole number from 500 to 599, not 499",
  },
  {
    fault: { ...OUTAGE, share: 1.1 },
    message: "faults[0].share must be a number from 0 to 1, not 1.1",
  },
  {
    fault: { ...OUTAGE, share: Number.NaN },
    message: "faults[0].share must be a number from 0 to 1, not NaN",
  },
  { fault: { ...OUTAGE, tenant: "a/b" }, message: "faults[0].tenant is 'a/b', which is no tenant" },
  {
    fault: { ...OUTAGE, body: "xml" },
    message: 'faults[0].body must be one of "json", "html", "none", not "xml"',
  },
  {
    fault: { kind: "throttle", status: 500, atS: 0 },
    message: "faults[0].status must be one of 429, 503, not 500",
  },
  {
    fault: { kind: "throttle", retryAfterS: 0.5, atS: 0 },
    message: 'faults[0].retryAfterS must be whole in the form "seconds", not 0.5',
  },
  {
    fault: { kind: "throttle", retryAfterS: 0.5, form: "date", atS: 0 },
    message: 'faults[0].retryAfterS must be whole in the form "date", not 0.5',
  },
  {
    fault: { kind: "drip", bytesPerS: 0, atS: 0 },
    message: /^faults\[0\]\.bytesPerS must be a whole number from 1 /,
  },
  {
    fault: { kind: "lifetime", expiresIn: Number.POSITIVE_INFINITY, atS: 0 },
    message: "faults[0].expiresIn must be finite, not Infinity",
  },
  {
    fault: { kind: "redirect", location: "a\r\nb", atS: 0 },
    message: "faults[0].location has a character that no HTTP header may have",
  },
  {
    fault: { kind: "redirect", status: 304, atS: 0 },
    message: /^faults\[0\]\.status must be one of 301, /,
  },
])("the fault $fault is out of range: $message", ({ fault, message }) => {
  expect(() => parseTimeline({ faults: [fault] })).toThrow(RangeError);
  expect(() => parseTimeline({ faults: [fault] })).toThrow(message);
});

test("faults and timelines in code are checked in the same way, and change nothing when refused", async () => {
  await using authority = await LocalAuthority.start();
  const call = (method: unknown, argument: unknown) =>
    Reflect.apply(Object(method), authority, [argument]);

  expect(() => call(authority.injectFault, { kind: "outage", status: 200 })).toThrow(
    "fault.status must be a whole number from 500 to 599, not 200",
  );
  expect(() => call(authority.injectFault, { ...OUTAGE })).toThrow("fault has no member 'atS'");
  expect(() => call(authority.play, { faults: [OUTAGE, { kind: "otage" }] })).toThrow(
    "faults[1].kind is 'otage'; did you mean 'outage'?",
  );

  const answer = await fetch(`${authority.url}/a.example/oauth2/v2.0/token`, { method: "POST" });
  expect(answer.status).toBe(400);
});
