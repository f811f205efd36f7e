/** A secret that is planted, to be searched for where it must not be. */
export interface Canary {
  readonly what: string;
  readonly secret: string;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** An assertion as they are: valid on the fake clock of the tests, which stands in March 2026. */
export const JWT_ASSERTION: Canary = {
  what: "a JWT",
  secret: [
    part({ alg: "PS256", typ: "JWT", "x5t#S256": "canary-thumbprint" }),
    part({ iss: "canary", sub: "canary", jti: "canary-in-the-mine", exp: 1_800_000_000 }),
    Buffer.from("the signature of a canary, as long as one of these may be").toString("base64url"),
  ].join("."),
};

/** An assertion that no pattern can tell from prose: only knowing it helps. */
export const OPAQUE_ASSERTION: Canary = {
  what: "no JWT",
  secret: "yellow-bird-assertion",
};

export const TOKEN: Canary = { what: "a token", secret: "green-parrot-token" };

export const ASSERTIONS: readonly Canary[] = [JWT_ASSERTION, OPAQUE_ASSERTION];

/** All forms in which a secret may show: as it is, its parts, and encoded. */
export function formsOf({ secret }: Canary): readonly string[] {
  const parts = secret.split(".").filter((piece) => piece.length >= 12);
  const bytes = Buffer.from(secret);
  return [
    ...new Set([
      secret,
      ...parts,
      // A part that was cut is one too.
      ...parts.map((piece) => piece.slice(0, 12)),
      encodeURIComponent(secret),
      bytes.toString("base64").replace(/=+$/, "").slice(0, -1),
      bytes.toString("base64url").slice(0, -1),
      bytes.toString("hex"),
    ]),
  ];
}
