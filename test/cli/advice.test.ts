import { expect, test } from "vitest";
import { adviceFor } from "../../src/cli/tenant/advice.ts";
import { TransportError } from "../../src/index.ts";

const AUTHORITY = "https://login.contoso.example";

test("a certificate for another host is no reason to trust its issuer", () => {
  const advice = adviceFor(failed("ERR_TLS_CERT_ALTNAME_INVALID"), { authority: AUTHORITY });

  expect(advice).toMatch(/check --authority, and whether a proxy stands in between/);
  expect(advice).not.toContain("--ca");
});

test.each(["ENOTFOUND", "EAI_AGAIN"])("%s of a host that was named casts doubt on it", (code) => {
  expect(adviceFor(failed(code), { authority: AUTHORITY })).toContain("check --authority");
});

test.each(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED"])(
  "%s of Microsoft's own host casts doubt on the way there",
  (code) => {
    const advice = adviceFor(failed(code), { authority: undefined });

    expect(advice).toContain("HTTPS_PROXY");
    expect(advice).not.toContain("--authority");
  },
);

function failed(systemCode: string): TransportError {
  return new TransportError(`The request failed: ${systemCode}.`, { systemCode });
}
