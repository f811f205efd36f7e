import { readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { type AssertionSource, certificate } from "../../src/assertions/index.ts";
import { AssertionUnavailableError, ConfigurationError } from "../../src/domain/errors.ts";
import {
  type Identity,
  makeIdentity,
  rejectionOf,
  requestFor,
  scratch,
  scratchFile,
  thrownBy,
} from "./support.ts";

const OLD_END = Date.parse("2030-01-01T00:00:00Z");
const NEW_END = Date.parse("2031-01-01T00:00:00Z");
const older = await makeIdentity("older", { notAfter: new Date(OLD_END) });
const newer = await makeIdentity("newer", { notAfter: new Date(NEW_END) });

/** A pair on disk that can be rewritten half by half. */
function pairOnDisk({ keyPem, certificatePem }: Identity) {
  const directory = scratch();
  const paths = {
    privateKeyPath: join(directory, "tls.key"),
    certificatePath: join(directory, "tls.crt"),
  };
  writeFileSync(paths.privateKeyPath, keyPem);
  writeFileSync(paths.certificatePath, certificatePem);
  return paths;
}

async function signerOf(source: AssertionSource): Promise<"older" | "newer"> {
  const assertion = await source(requestFor());
  const newSigner = decodeProtectedHeader(assertion)["x5t#S256"] === thumbprint(newer);
  const signer = newSigner ? newer : older;
  await jwtVerify(assertion, signer.certificate.publicKey);
  return newSigner ? "newer" : "older";
}

function thumbprint({ certificate: { fingerprint256 } }: Identity): string {
  return Buffer.from(fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
}

test("nothing is read at construction, so the end of the certificate is unknown until the first call", async () => {
  const source = certificate(pairOnDisk(older));
  const before = source.certificateExpiresOn;

  await source(requestFor());

  expect([before, source.certificateExpiresOn]).toEqual([undefined, OLD_END]);
});

test("a pair replaced on disk signs from the next call on", async () => {
  const paths = pairOnDisk(older);
  const source = certificate(paths);
  const before = await signerOf(source);

  writeFileSync(paths.privateKeyPath, newer.keyPem);
  writeFileSync(paths.certificatePath, newer.certificatePem);

  expect([before, await signerOf(source)]).toEqual(["older", "newer"]);
  expect(source.certificateExpiresOn).toBe(NEW_END);
});

test("a replacement of the same size and time stamp is seen, too", async () => {
  const path = scratchFile(paddedTo(4096, older.keyPem + older.certificatePem));
  const stamp = new Date("2026-01-01T00:00:00Z");
  utimesSync(path, stamp, stamp);
  const source = certificate({ pemPath: path });
  await signerOf(source);

  writeFileSync(path, paddedTo(4096, newer.keyPem + newer.certificatePem));
  utimesSync(path, stamp, stamp);

  expect(await signerOf(source)).toBe("newer");
});

test("while a rotation is half done the last good pair signs", async () => {
  const paths = pairOnDisk(older);
  const source = certificate(paths);
  await source(requestFor());

  writeFileSync(paths.privateKeyPath, newer.keyPem);
  const halfway = [await signerOf(source), await signerOf(source)];
  writeFileSync(paths.certificatePath, newer.certificatePem);

  expect([...halfway, await signerOf(source)]).toEqual(["older", "older", "newer"]);
});

test.each([
  ["empty", (path: string) => writeFileSync(path, "")],
  ["cut in the middle", (path: string) => writeFileSync(path, newer.keyPem.slice(0, 900))],
  ["gone", (path: string) => rmSync(path)],
])("a key file that is %s for a moment harms no call", async (_, damage) => {
  const paths = pairOnDisk(older);
  const source = certificate(paths);
  await source(requestFor());

  damage(paths.privateKeyPath);

  expect(await signerOf(source)).toBe("older");
  expect(source.certificateExpiresOn).toBe(OLD_END);
});

test("a rotation that never becomes whole shows once the last good certificate has expired", async () => {
  const paths = pairOnDisk(older);
  let now = OLD_END - 60_000;
  const source = certificate({ ...paths, now: () => now });
  await source(requestFor());
  writeFileSync(paths.privateKeyPath, newer.keyPem);

  now = OLD_END + 360_000;

  const error = await rejectionOf(source(requestFor()));
  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(String(error)).toMatch(/does not belong to the certificate/);
});

test("files that never held a pair are refused at the call, naming both paths", async () => {
  const paths = { ...pairOnDisk(older), certificatePath: scratchFile(newer.certificatePem) };
  const source = certificate(paths);

  const errors = [await rejectionOf(source(requestFor())), await rejectionOf(source(requestFor()))];

  for (const error of errors) {
    expect(error).toBeInstanceOf(AssertionUnavailableError);
    expect(String(error)).toContain(`${paths.privateKeyPath} (privateKeyPath)`);
    expect(String(error)).toContain(`${paths.certificatePath} (certificatePath)`);
  }
  expect(errors[0]).not.toBe(errors[1]);
});

test("a missing file is named with its option", async () => {
  const path = join(scratch(), "absent.pem");

  const error = await rejectionOf(certificate({ pemPath: path })(requestFor()));

  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(String(error)).toContain(`The pemPath file ${path} does not exist`);
});

test("an inline key goes with a certificate in a file", async () => {
  const { certificatePath } = pairOnDisk(older);

  expect(await signerOf(certificate({ privateKey: older.keyPem, certificatePath }))).toBe("older");
});

test.each([
  ["key", { privateKey: older.certificatePem, certificatePath: "absent" }, /privateKey holds no/],
  ["certificate", { privateKeyPath: "absent", certificate: older.keyPem }, /certificate holds no/],
] as const)(
  "an inline %s is checked at construction even if its other half is in a file",
  (_, options, message) => {
    const error = thrownBy(() => certificate(options));

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toMatch(message);
  },
);

test("an encrypted key in a file is opened with the passphrase", async () => {
  const options = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "p" } as const;
  const encrypted = older.privateKey.export(options).toString();
  const pemPath = scratchFile(encrypted + older.certificatePem);

  expect(await signerOf(certificate({ pemPath, passphrase: "p" }))).toBe("older");
});

test("a directory swapped behind a symbolic link, as Kubernetes does with secrets, is followed", async () => {
  const directory = scratch();
  const link = join(directory, "current");
  const oldPaths = pairOnDisk(older);
  symlinkSync(join(oldPaths.privateKeyPath, ".."), link);
  const source = certificate({
    privateKeyPath: join(link, "tls.key"),
    certificatePath: join(link, "tls.crt"),
  });
  await signerOf(source);

  symlinkSync(join(pairOnDisk(newer).privateKeyPath, ".."), join(directory, "next"));
  renameSync(join(directory, "next"), link);

  expect(await signerOf(source)).toBe("newer");
  expect(readdirSync(directory)).toEqual(["current"]);
});

test("calls at the same time sign with one pair, each its own assertion", async () => {
  const source = certificate(pairOnDisk(older));

  const assertions = await Promise.all(Array.from({ length: 20 }, () => source(requestFor())));

  expect(new Set(assertions).size).toBe(20);
});

function paddedTo(length: number, pem: string): string {
  return pem.padEnd(length, "\n");
}
