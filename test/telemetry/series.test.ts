import { expect, test } from "vitest";
import { SeriesBook } from "../../src/telemetry/series.ts";
import { times } from "../support/times.ts";

function counted(book: SeriesBook) {
  return [...book.all()].flatMap((series) =>
    [...series.read()].map((count) => ({ ...series.attributes, ...count })),
  );
}

test("what never happened is not reported", () => {
  const book = new SeriesBook();

  book.of("a");

  expect(counted(book)).toEqual([]);
});

test("one name has one series", () => {
  const book = new SeriesBook();

  book.of("a").ended.cache += 1;
  book.of("a").ended.cache += 1;
  book.of("b").failed("timeout");

  expect(counted(book)).toEqual([
    { "entra.credential.name": "a", source: "cache", errorType: undefined, count: 2 },
    { "entra.credential.name": "b", source: "none", errorType: "timeout", count: 1 },
  ]);
});

test("names beyond the fiftieth share _OTHER, and known ones stay themselves", () => {
  const book = new SeriesBook();
  for (const index of times(50, (index) => index)) book.of(`name-${index}`);

  expect(book.of("late").name).toBe("_OTHER");
  expect(book.of("later")).toBe(book.of("late"));
  expect(book.of("name-49").name).toBe("name-49");
});

test("a credential that calls itself _OTHER takes no name from the others", () => {
  const book = new SeriesBook();

  book.of("_OTHER");
  for (const index of times(50, (index) => index)) book.of(`name-${index}`);

  expect(book.of("name-49").name).toBe("name-49");
});

test("an identity has a series of its own, found again by its values", () => {
  const book = new SeriesBook();
  const identity = { "entra.tenant.id": "t", "entra.credential.token.resource": "r" };

  const series = book.identified("a", identity);

  expect(series.attributes).toEqual({ "entra.credential.name": "a", ...identity });
  expect(book.identified("a", { ...identity })).toBe(series);
  expect(book.identified("b", identity)).not.toBe(series);
  expect(book.identified("a", {})).toBe(book.of("a"));
});

test("a value under one attribute is not taken for the same under another", () => {
  const book = new SeriesBook();

  const byTenant = book.identified("a", { "entra.tenant.id": "same" });
  const byClient = book.identified("a", { "entra.client.id": "same" });

  expect(byTenant).not.toBe(byClient);
});

test("identities beyond the fiftieth of the process keep their name and are otherwise _OTHER", () => {
  const book = new SeriesBook();
  const tenant = (id: string) => ({ "entra.tenant.id": id });
  for (const index of times(30, (index) => index)) book.identified("a", tenant(`a-${index}`));
  for (const index of times(20, (index) => index)) book.identified("b", tenant(`b-${index}`));

  const late = book.identified("b", tenant("late"));

  expect(late.attributes).toEqual({ "entra.credential.name": "b", "entra.tenant.id": "_OTHER" });
  expect(book.identified("b", tenant("later"))).toBe(late);
  expect(book.identified("b", { "entra.client.id": "c" }).attributes).toEqual({
    "entra.credential.name": "b",
    "entra.client.id": "_OTHER",
  });
  expect(book.identified("a", tenant("a-29")).attributes).toMatchObject(tenant("a-29"));
});

test("whatever is asked for, the series stay within their bound", () => {
  const book = new SeriesBook();

  for (const index of times(10_000, (index) => index)) {
    book.identified(`name-${index % 200}`, { "entra.tenant.id": `tenant-${index}` });
  }

  // 51 names, 50 identities, and for each name those there was no room for.
  expect([...book.all()].length).toBeLessThanOrEqual(51 + 50 + 51);
});
