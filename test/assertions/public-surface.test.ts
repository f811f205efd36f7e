import { expect, test } from "vitest";
import * as surface from "../../src/assertions/index.ts";

test("the subpath exports its two sources and nothing else at run time", () => {
  expect(Object.keys(surface).sort()).toEqual(["certificate", "workloadIdentityFile"]);
});
