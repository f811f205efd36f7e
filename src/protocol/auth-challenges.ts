/** One challenge of a `WWW-Authenticate` header. */
export interface AuthChallenge {
  /** Lower case. */
  readonly scheme: string;
  /** By lower-case name; of repeated parameters the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

const NAME = /[\w!#$%&'*+.^`|~/-]+/y;
// Some resources leave out the comma between challenges: then a parameter must follow the scheme.
const BEFORE_PARAMETER = /[ \t]+(?=[\w!#$%&'*+.^`|~/-]+[ \t]*=)/y;
const QUOTED = /"(?:[^"\\]|\\.)*(?:"|\\?$)/sy;

/**
 * Splits a `WWW-Authenticate` header into its challenges. RFC 9110 section 11.6.1.
 *
 * Forgiving, because resources are: it takes unquoted values that are no tokens, missing commas
 * and a missing last quote, and skips what it cannot read. Never throws.
 */
export function parseAuthChallenges(header: string): readonly AuthChallenge[] {
  const scanner = new Scanner(header);
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  while (!scanner.atEnd) {
    const afterComma = scanner.skipSeparators();
    const name = scanner.take(NAME)?.toLowerCase();
    if (name === undefined) {
      scanner.skipUnreadable();
    } else if (scanner.take(/[ \t]*=[ \t]*/y) !== undefined) {
      const value = scanner.takeValue();
      const parameters = challenges.at(-1)?.parameters;
      if (parameters?.has(name) === false) parameters.set(name, value);
    } else if (afterComma || scanner.take(BEFORE_PARAMETER) !== undefined) {
      challenges.push({ scheme: name, parameters: new Map() });
    }
  }
  return challenges;
}

class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Takes what the sticky pattern matches here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const taken = pattern.exec(this.#text)?.[0];
    this.#position += taken?.length ?? 0;
    return taken;
  }

  /** Whether a challenge may begin behind the separators: after a comma, a line break or nothing. */
  skipSeparators(): boolean {
    const atStart = this.#position === 0;
    return /[,\r\n]/.test(this.take(/[\s,]*/y) ?? "") || atStart;
  }

  takeValue(): string {
    const quoted = this.take(QUOTED);
    if (quoted === undefined) return this.take(/[^\s,]*/y) ?? "";
    return quoted.replace(/^"|"$/g, "").replace(/\\(.)/gs, "$1");
  }

  skipUnreadable(): void {
    if (this.take(QUOTED) === undefined) this.#position += 1;
  }
}
