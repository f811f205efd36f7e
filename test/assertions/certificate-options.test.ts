import { expect, test } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import { ConfigurationError } from "../../src/domain/errors.ts";
import { makeIdentity, thrownBy } from "./support.ts";

const { keyPem: privateKey, certificatePem } = await makeIdentity("options");
const pair = { privateKey, certificate: certificatePem };

const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ["no options", undefined, /certificate takes an options object, not undefined/],
  ["null", null, /not null/],
  ["an array", [], /not an array/],
  ["a PEM text", "-----BEGIN", /not a value of type string/],
  ["an empty object", {}, /needs privateKey or privateKeyPath; .*pem or pemPath/],
  ["a key without a certificate", { privateKey }, /needs certificate or certificatePath/],
  ["a certificate without a key", { certificate: certificatePem }, /needs privateKey or/],
  ["a key twice", { ...pair, privateKeyPath: "k" }, /privateKey and privateKeyPath exclude/],
  [
    "a certificate twice",
    { ...pair, certificatePath: "c" },
    /certificate and certificatePath excl/,
  ],
  ["both halves twice", { pem: "x", pemPath: "y" }, /pem and pemPath exclude each other/],
  ["pem beside a key", { pem: "x", privateKey }, /pem and privateKey exclude/],
  [
    "pemPath beside a certificate",
    { pemPath: "x", certificatePath: "c" },
    /pemPath and certificatePath/,
  ],
  ["a blank key", { ...pair, privateKey: " " }, /privateKey must be a string .* a blank string/],
  ["a key of another type", { ...pair, privateKey: 7 }, /privateKey must be .* of type number/],
  ["a null certificate", { ...pair, certificate: null }, /certificate must be a string .* null/],
  ["an empty path", { pemPath: "" }, /pemPath must be a string/],
  ["a URL as path", { pemPath: new URL("file:///x") }, /pemPath must be .* of type object/],
  ["an empty passphrase", { ...pair, passphrase: "" }, /passphrase must be a string/],
  ["a numeric passphrase", { ...pair, passphrase: 4711 }, /passphrase must be .* of type number\./],
  [
    "an unknown algorithm",
    { ...pair, algorithm: "ES256" },
    /algorithm must be "PS256" or "RS256", not "ES256"/,
  ],
  ["a null algorithm", { ...pair, algorithm: null }, /algorithm must be .* null/],
  [
    "a word for a boolean",
    { ...pair, sendCertificateChain: "yes" },
    /sendCertificateChain must be true or/,
  ],
  [
    "a short lifetime",
    { ...pair, lifetimeMs: 59_999 },
    /lifetimeMs must be a number from 60000 to 3600000, not 59999/,
  ],
  ["a long lifetime", { ...pair, lifetimeMs: 3_600_001 }, /lifetimeMs .* not 3600001/],
  ["a lifetime that is no number", { ...pair, lifetimeMs: Number.NaN }, /lifetimeMs .* not NaN/],
  ["a lifetime as text", { ...pair, lifetimeMs: "600000" }, /lifetimeMs .* type string/],
  ["a clock that is no function", { ...pair, now: 5 }, /now must be a function/],
  [
    "an unknown option",
    { ...pair, certificatePassword: "x" },
    /no option "certificatePassword". It takes .*passphrase/,
  ],
];

test.each(REFUSED)(
  "%s is refused with the name of the option (rule 1.7)",
  (_, options, message) => {
    const error = thrownBy(() => Reflect.apply(certificate, undefined, [options]));

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toMatch(message);
  },
);

test("an option that is undefined counts as not given", () => {
  const options = { ...pair, pem: undefined, pemPath: undefined, algorithm: undefined };

  const source = Reflect.apply(certificate, undefined, [options]);

  expect(source).toBeTypeOf("function");
});

test.each([60_000, 3_600_000])("a lifetime of %d ms is allowed", (lifetimeMs) => {
  expect(certificate({ ...pair, lifetimeMs })).toBeTypeOf("function");
});
