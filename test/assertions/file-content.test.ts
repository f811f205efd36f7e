import { beforeEach, expect, test, vi } from "vitest";
import { FileContent } from "../../src/assertions/file-content.ts";
import { AssertionUnavailableError } from "../../src/domain/errors.ts";
import { rejectionOf } from "./support.ts";

const disk = vi.hoisted(() => ({ reads: [] as PromiseWithResolvers<string>[] }));

// The disk, so that a read can be held open; what is under test is who waits for it.
vi.mock("node:fs/promises", () => ({
  stat: async () => ({ isFile: () => true, size: 5 }),
  readFile: () => {
    const read = Promise.withResolvers<string>();
    disk.reads.push(read);
    return read.promise;
  },
}));

const forever = () => new AbortController().signal;

let file: FileContent;

beforeEach(() => {
  disk.reads.length = 0;
  file = new FileContent("/var/run/token", "The token file");
});

async function readNumber(index: number): Promise<PromiseWithResolvers<string>> {
  await new Promise(setImmediate);
  const read = disk.reads[index];
  if (read === undefined) throw new Error(`there was no read number ${index}`);
  return read;
}

test("calls at the same time share one read, the next call reads again", async () => {
  const together = [file.read(forever()), file.read(forever())];
  (await readNumber(0)).resolve("first");
  const shared = await Promise.all(together);

  const later = file.read(forever());
  (await readNumber(1)).resolve("second");

  expect([...shared, await later]).toEqual(["first", "first", "second"]);
  expect(disk.reads).toHaveLength(2);
});

test("a caller who leaves takes the read from nobody", async () => {
  const leaving = new AbortController();
  const reason = new Error("no longer wanted");
  const left = rejectionOf(file.read(leaving.signal));
  const stayed = file.read(forever());
  const read = await readNumber(0);

  leaving.abort(reason);
  const rejection = await left;
  read.resolve("content");

  expect([rejection, await stayed]).toEqual([reason, "content"]);
});

test("a read that fails after everybody left disturbs nobody", async () => {
  const leaving = new AbortController();
  const left = rejectionOf(file.read(leaving.signal));
  const read = await readNumber(0);
  leaving.abort();
  await left;

  read.reject(Object.assign(new Error("x"), { code: "EIO" }));
  await new Promise(setImmediate);

  const next = file.read(forever());
  (await readNumber(1)).resolve("content");
  expect(await next).toBe("content");
});

test("a signal that has fired starts no read", async () => {
  const reason = new Error("too late");

  const rejection = await rejectionOf(file.read(AbortSignal.abort(reason)));

  expect(rejection).toBe(reason);
  expect(disk.reads).toHaveLength(0);
});

test.each([
  ["EIO", true, /cannot be read \(EIO\)/],
  ["EMFILE", true, /cannot be read \(EMFILE\)/],
  ["EACCES", false, /may not be read by this process/],
  ["ELOOP", false, /cannot be read \(ELOOP\)/],
])("a read that fails with %s is transient: %s", async (code, transient, message) => {
  const reading = rejectionOf(file.read(forever()));
  (await readNumber(0)).reject(Object.assign(new Error("foreign words"), { code }));

  const error = await reading;

  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(error).toMatchObject({ transient });
  expect(error).not.toHaveProperty("cause");
  expect(String(error)).toMatch(message);
});
