import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseClaims } from "../../src/domain/claims.ts";
import { ConfigurationError } from "../../src/domain/errors.ts";
import { claimsObjects } from "./requests.ts";

const CP1 = { values: ["cp1"] };

/** JSON text of a value, its members in an order that `turn` decides and blanks between. */
function retold(value: unknown, turn: boolean): string {
  if (Array.isArray(value)) return `[ ${value.map((item) => retold(item, turn)).join(" , ")} ]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)} : ${retold(member, turn)}`,
  );
  return `{ ${(turn ? members.reverse() : members).join(" , ")} }`;
}

test("3.4 a text of megabytes is refused before it is read", () => {
  const huge = JSON.stringify({ access_token: { name: "x".repeat(10_000_000) } });

  expect(() => parseClaims(huge, false)).toThrow(
    "10000028 characters are more than the 65536 that are read",
  );
});

describe("5.1 the canonical text of claims", () => {
  test("does not depend on the order of members, nor on blanks, at any depth", () => {
    fc.assert(
      fc.property(claimsObjects, fc.boolean(), (claims, turn) => {
        const given = JSON.stringify(claims);

        expect(parseClaims(retold(claims, turn), false).canonical).toBe(
          parseClaims(given, false).canonical,
        );
      }),
    );
  });

  test("tells any two different claims apart", () => {
    fc.assert(
      fc.property(claimsObjects, claimsObjects, (one, other) => {
        const [first, second] = [one, other].map(
          (claims) => parseClaims(JSON.stringify(claims), false).canonical,
        );

        expect(first === second).toBe(isDeepStrictEqual(one, other));
      }),
      { numRuns: 1_000 },
    );
  });

  test("is the same object", () => {
    fc.assert(
      fc.property(claimsObjects, (claims) => {
        const { canonical = "" } = parseClaims(JSON.stringify(claims), false);

        expect(isDeepStrictEqual(JSON.parse(canonical), claims)).toBe(true);
      }),
    );
  });

  test("is taken before the client capability: CAE has a place of its own in the key", () => {
    const text = '{"b":1,"a":2}';

    expect(parseClaims(text, true).canonical).toBe(parseClaims(text, false).canonical);
    expect(parseClaims(undefined, true).canonical).toBeUndefined();
  });

  test("keeps the order of arrays, which means something", () => {
    expect(parseClaims('{"a":["y","x"]}', false).canonical).toBe('{"a":["y","x"]}');
  });

  test("keeps a member called __proto__, which changes no object", () => {
    const { canonical } = parseClaims('{"a":1,"__proto__":{"polluted":true}}', false);

    expect(canonical).toBe('{"__proto__":{"polluted":true},"a":1}');
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("has no line feed: it is a field of a key whose fields line feeds separate", () => {
    fc.assert(
      fc.property(claimsObjects, (claims) => {
        expect(parseClaims(JSON.stringify(claims, undefined, 2), false).canonical).not.toContain(
          "\n",
        );
      }),
    );
  });
});

describe("3.3 the claims on the wire", () => {
  test("are the caller's own text without CAE", () => {
    fc.assert(
      fc.property(claimsObjects, fc.boolean(), (claims, turn) => {
        const text = retold(claims, turn);

        expect(parseClaims(text, false).wire).toBe(text);
      }),
    );
  });

  test("gain xms_cc under CAE, and nothing else changes", () => {
    fc.assert(
      fc.property(claimsObjects, (claims) => {
        const { wire = "" } = parseClaims(JSON.stringify(claims), true);

        const { access_token: sent, ...sentRest } = JSON.parse(wire);
        const { access_token: given, ...givenRest } = Object(claims);
        const siblings = typeof given === "object" && !Array.isArray(given) ? given : {};
        expect(isDeepStrictEqual(sentRest, givenRest)).toBe(true);
        expect(sent).toEqual({ ...siblings, xms_cc: CP1 });
      }),
    );
  });

  test.each([
    ["none", undefined, { access_token: { xms_cc: CP1 } }],
    ["empty text", "", { access_token: { xms_cc: CP1 } }],
    [
      "another xms_cc",
      '{"access_token":{"xms_cc":{"values":["cp2"]}}}',
      { access_token: { xms_cc: CP1 } },
    ],
    [
      "a sibling",
      '{"access_token":{"nbf":{"essential":true}}}',
      { access_token: { nbf: { essential: true }, xms_cc: CP1 } },
    ],
    ["null for access_token", '{"access_token":null}', { access_token: { xms_cc: CP1 } }],
    [
      "an id_token",
      '{"id_token":{"a":null}}',
      { id_token: { a: null }, access_token: { xms_cc: CP1 } },
    ],
  ])("are under CAE, given %s: the last column", (_case, given, expected) => {
    expect(JSON.parse(parseClaims(given, true).wire ?? "")).toEqual(expected);
  });

  test("keep a member called __proto__ under CAE", () => {
    const { wire = "" } = parseClaims('{"__proto__":{"a":1}}', true);

    expect(wire).toContain('"__proto__":{"a":1}');
    expect(wire).toContain('"cp1"');
  });
});

test.each([[undefined], [""]])("2.3 no claims are no claims: %j", (text) => {
  expect(parseClaims(text, false)).toEqual({ wire: undefined, canonical: undefined });
});

test("3.4 what is no JSON object is refused", () => {
  const notAnObject = fc
    .jsonValue()
    .filter((value) => typeof value !== "object" || value === null || Array.isArray(value));
  fc.assert(
    fc.property(notAnObject, fc.boolean(), (value, cae) => {
      expect(() => parseClaims(JSON.stringify(value), cae)).toThrow(ConfigurationError);
    }),
  );
});

test("3.4 a text cut short is refused, naming its end, or where the word that was cut begins", () => {
  fc.assert(
    fc.property(claimsObjects, fc.nat(), (claims, cut) => {
      const text = JSON.stringify(claims);
      const short = text.slice(0, 1 + (cut % (text.length - 1)));

      const position = Number(/at position (\d+)/.exec(messageOf(short))?.[1]);

      expect(short.slice(position)).toMatch(/^[\w.+\\-]*$/);
    }),
  );
});

test.each([
  ['{"a":x}', 5],
  ["hello", 0],
  ['{"b":"x at position 99 y", "c":@}', 31],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['{"a":1} x', 8],
  ['{"a":"\n"}', 6],
  ['{"a":01}', 6],
  ["", undefined],
  ["[1]", 0],
  ["  null", 2],
  [`{"a":${"[".repeat(200)}1${"]".repeat(200)}}`, 105],
])("3.4 the fault in %s is at position %s", (text, position) => {
  if (position === undefined) expect(parseClaims(text, false).wire).toBeUndefined();
  else expect(messageOf(text)).toContain(`at position ${position}.`);
});

test("5.1 numbers that the platform would round are different claims", () => {
  const canonical = [
    '{"a":1e999}',
    '{"a":null}',
    '{"a":9007199254740993}',
    '{"a":9007199254740992}',
  ];

  expect(new Set(canonical.map((text) => parseClaims(text, false).canonical)).size).toBe(4);
});

test("3.3 under CAE numbers are sent as they were written", () => {
  expect(parseClaims('{"a":9007199254740993}', true).wire).toContain('"a":9007199254740993');
});

function messageOf(text: string): string {
  try {
    parseClaims(text, false);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("expected the claims to be refused");
}

test("3.4 the error quotes nothing of the claims: they may hold personal data", () => {
  const text = '{"person":"Ada Lovelace" "next":1}';

  expect(() => parseClaims(text, false)).toThrow(/^claims must be a JSON object: [^"]*$/);
  expect(() => parseClaims(text, false)).not.toThrow(/Ada|person|next/);
});
