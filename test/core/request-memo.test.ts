import fc from "fast-check";
import { expect, test } from "vitest";
import { type Asked, RequestMemo } from "../../src/core/request-memo.ts";
import { OWN_TENANT, requestFor } from "../domain/requests.ts";
import { times } from "../support/times.ts";

const REQUEST = requestFor({ scopes: ["s"], tenant: OWN_TENANT, cae: false, claims: undefined });
const ASKED: Asked = { scope: "s", tenantId: undefined, claims: undefined, cae: false };

// Few letters, so that pieces of one part turn up in another, and the signs a name is made with.
const text = fc.string({ unit: fc.constantFrom("a", "1", ",", "\n", "cae"), maxLength: 6 });
const asked: fc.Arbitrary<Asked> = fc.record({
  scope: text,
  tenantId: fc.option(text, { nil: undefined }),
  claims: fc.option(text, { nil: undefined }),
  cae: fc.boolean(),
});

function plain({ scope, tenantId = "", claims = "", cae }: Asked): readonly unknown[] {
  return [scope, tenantId, claims, cae];
}

test("what was asked for is found by those who ask for the same, and by nobody else", () => {
  fc.assert(
    fc.property(asked, asked, (one, other) => {
      const memo = new RequestMemo(10);
      const keyed = memo.keep(one, REQUEST);

      const isSame = JSON.stringify(plain(one)) === JSON.stringify(plain(other));
      expect(memo.find(one)).toBe(keyed);
      expect(memo.find(other)).toBe(isSame ? keyed : undefined);
    }),
    { numRuns: 20_000 },
  );
});

test("what was remembered first goes first when there are too many", () => {
  const memo = new RequestMemo(2);

  for (const scope of ["a", "b", "c"]) memo.keep({ ...ASKED, scope }, REQUEST);

  const known = ["a", "b", "c"].map((scope) => memo.find({ ...ASKED, scope }) !== undefined);
  expect(known).toEqual([false, true, true]);
});

test("claims of many kilobytes are not worth their memory", () => {
  const memo = new RequestMemo(10);
  const long = { ...ASKED, claims: times(3_000, () => "x").join("") };

  memo.keep(long, REQUEST);

  expect(memo.find(long)).toBeUndefined();
});
