import { MAX_CREDENTIAL_NAMES, OTHER } from "./registry.ts";

/** Names as they are reported: the first fifty as they are, later ones as `_OTHER`. */
export class CappedNames {
  readonly #known = new Set<string>();

  reported(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= MAX_CREDENTIAL_NAMES) return OTHER;
    this.#known.add(name);
    return name;
  }
}
