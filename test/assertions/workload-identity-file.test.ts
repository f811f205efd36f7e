import { chmodSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { workloadIdentityFile } from "../../src/assertions/index.ts";
import { AssertionUnavailableError, ConfigurationError } from "../../src/domain/errors.ts";
import { rejectionOf, requestFor, scratch, scratchFile, thrownBy } from "./support.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("the assertion is what the file holds", async () => {
  const source = workloadIdentityFile({ path: scratchFile("header.payload.signature") });

  expect(await source(requestFor())).toBe("header.payload.signature");
  expect(source.kind).toBe("file");
  expect(source.certificateExpiresOn).toBeUndefined();
});

test.each([
  ["a trailing line break", "a.b.c\n"],
  ["Windows line breaks", "a.b.c\r\n"],
  ["blanks around", "  a.b.c\t"],
  ["a byte order mark", "\uFEFFa.b.c\n"],
])("%s is no part of the token", async (_, content) => {
  const source = workloadIdentityFile({ path: scratchFile(content) });

  expect(await source(requestFor())).toBe("a.b.c");
});

test("the path comes from AZURE_FEDERATED_TOKEN_FILE, as it was at construction", async () => {
  vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", scratchFile("a.b.c"));
  const source = workloadIdentityFile();

  vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", "/somewhere/else");

  expect(await source(requestFor())).toBe("a.b.c");
});

test("an explicit path wins over AZURE_FEDERATED_TOKEN_FILE", async () => {
  vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", scratchFile("from.the.environment"));

  expect(await workloadIdentityFile({ path: scratchFile("a.b.c") })(requestFor())).toBe("a.b.c");
});

test.each([undefined, ""])(
  "without a path and with the variable %j, construction fails and names both",
  (value) => {
    vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", value);

    const error = thrownBy(() => workloadIdentityFile());

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toMatch(/path .*AZURE_FEDERATED_TOKEN_FILE/);
  },
);

test.each([
  ["an empty path", { path: "" }, /path must be a string that is not blank/],
  ["a number as path", { path: 1 }, /path must be a string .*number/],
  ["an unknown option", { tokenFilePath: "x" }, /no option "tokenFilePath". It takes path/],
  ["a path instead of options", "/var/token", /takes an options object/],
  ["null", null, /takes an options object, not null/],
])("%s is refused (rule 1.7)", (_, options, message) => {
  const error = thrownBy(() => Reflect.apply(workloadIdentityFile, undefined, [options]));

  expect(error).toBeInstanceOf(ConfigurationError);
  expect(String(error)).toMatch(message);
});

test("a relative path is told as the absolute one it was at construction", async () => {
  const path = join(scratch(), "absent");

  const source = workloadIdentityFile({ path: relative(process.cwd(), path) });

  expect(String(await rejectionOf(source(requestFor())))).toContain(` ${path} does not exist`);
});

test("a token swapped behind a symbolic link, as the kubelet does it, is seen by the next call", async () => {
  const directory = scratch();
  const link = join(directory, "..data");
  for (const version of ["1", "2"]) {
    mkdirSync(join(directory, version));
    writeFileSync(join(directory, version, "token"), `token.number.${version}`);
  }
  symlinkSync("1", link);
  symlinkSync(join("..data", "token"), join(directory, "token"));
  const source = workloadIdentityFile({ path: join(directory, "token") });
  const before = await source(requestFor());

  symlinkSync("2", join(directory, "..data_tmp"));
  renameSync(join(directory, "..data_tmp"), link);

  expect([before, await source(requestFor())]).toEqual(["token.number.1", "token.number.2"]);
});

test("a token rewritten in place with the same size and time stamp is seen by the next call", async () => {
  const path = scratchFile("a.b.1");
  const stamp = new Date("2026-01-01T00:00:00Z");
  utimesSync(path, stamp, stamp);
  const source = workloadIdentityFile({ path });
  await source(requestFor());

  writeFileSync(path, "a.b.2");
  utimesSync(path, stamp, stamp);

  expect(await source(requestFor())).toBe("a.b.2");
});

test.each([
  ["empty", () => scratchFile(" \n"), /is empty/, true],
  ["missing", () => join(scratch(), "absent"), /does not exist/, true],
  ["below a file", () => join(scratchFile("x"), "token"), /does not exist/, false],
  ["a directory", () => scratch(), /is not a regular file/, false],
  ["a device", () => "/dev/null", /is not a regular file/, false],
  ["over 1 MiB", () => scratchFile("x".repeat(1024 * 1024 + 1)), /is larger than 1 MiB/, false],
  ["a list of tokens", () => scratchFile("a.b.c\nd.e.f"), /something else than one token/, false],
  ["binary", () => scratchFile("a\u0000b"), /something else than one token/, false],
])("a file that is %s is told with its path", async (_, make, message, transient) => {
  const path = make();

  const error = await rejectionOf(workloadIdentityFile({ path })(requestFor()));

  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(error).toMatchObject({ transient });
  expect(String(error)).toMatch(message);
  expect(String(error)).toContain(`The federated token file ${path} `);
});

test("a file that may not be read is told with its path", async () => {
  const path = scratchFile("a.b.c");
  chmodSync(path, 0o000);

  const error = await asAnybody(() => rejectionOf(workloadIdentityFile({ path })(requestFor())));

  expect(String(error)).toContain(`${path} may not be read by this process`);
});

// Root may read anything, so as root the process borrows another user's rights for a moment.
async function asAnybody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test("an error tells nothing of what the file holds", async () => {
  const path = scratchFile("secret.token.one\nsecret.token.two");

  const error = await rejectionOf(workloadIdentityFile({ path })(requestFor()));

  expect(String(error)).not.toContain("secret");
});

test("a file of exactly 1 MiB is read", async () => {
  const source = workloadIdentityFile({ path: scratchFile("x".repeat(1024 * 1024)) });

  expect(await source(requestFor())).toHaveLength(1024 * 1024);
});

test("a failure is not remembered: the next call reads again", async () => {
  const path = scratchFile("");
  const source = workloadIdentityFile({ path });
  await rejectionOf(source(requestFor()));

  writeFileSync(path, "a.b.c");

  expect(await source(requestFor())).toBe("a.b.c");
});
