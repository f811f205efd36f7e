import { expect, test } from "vitest";
import { AcquisitionCounts } from "../../src/telemetry/acquisition-counts.ts";

test("what never happened is not reported", () => {
  const counts = new AcquisitionCounts();

  counts.of("a");

  expect([...counts.read()]).toEqual([]);
});

test("one name has one set of counts", () => {
  const counts = new AcquisitionCounts();

  counts.of("a").ended.cache += 1;
  counts.of("a").ended.cache += 1;
  counts.of("b").failed("timeout");

  expect([...counts.read()]).toEqual([
    { name: "a", source: "cache", errorType: undefined, count: 2 },
    { name: "b", source: "none", errorType: "timeout", count: 1 },
  ]);
});

test("names beyond the fiftieth share _OTHER, and known ones stay themselves", () => {
  const counts = new AcquisitionCounts();
  for (let index = 0; index < 50; index += 1) counts.of(`name-${index}`);

  expect(counts.of("late").name).toBe("_OTHER");
  expect(counts.of("later")).toBe(counts.of("late"));
  expect(counts.of("name-49").name).toBe("name-49");
});

test("a credential that calls itself _OTHER takes no name from the others", () => {
  const counts = new AcquisitionCounts();

  counts.of("_OTHER");
  for (let index = 0; index < 50; index += 1) counts.of(`name-${index}`);

  expect(counts.of("name-49").name).toBe("name-49");
});
