import { expect, test, vi } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import { AssertionUnavailableError } from "../../src/domain/errors.ts";
import { makeIdentity, rejectionOf, requestFor } from "./support.ts";

// As Node does for a package that is not installed.
vi.mock("jose", () => {
  throw Object.assign(new Error("Cannot find package 'jose'"), { code: "ERR_MODULE_NOT_FOUND" });
});

test("jose is loaded at the first signature; when it is missing, the error says what to install", async () => {
  const { keyPem, certificatePem } = await makeIdentity("any");
  const source = certificate({ privateKey: keyPem, certificate: certificatePem });

  const error = await rejectionOf(source(requestFor()));

  expect(error).toBeInstanceOf(AssertionUnavailableError);
  expect(String(error)).toContain("npm install jose");
});
