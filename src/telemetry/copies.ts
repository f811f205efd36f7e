/** What all copies of this package in one process share, whatever their versions. */
interface Copies {
  count: number;
  isTold: boolean;
}

const KEY = Symbol.for("affiant.copies");

let isCounted = false;

/** Counts this copy of the package among those that are used in this process. */
export function countThisCopy(): void {
  if (isCounted) return;
  isCounted = true;
  copies().count += 1;
}

/** Whether there is more than one copy and nobody has said so yet; asking counts as saying. */
export function areDuplicatesNews(): boolean {
  const known = copies();
  if (known.count < 2 || known.isTold) return false;
  known.isTold = true;
  return true;
}

function copies(): Copies {
  const known: Copies | undefined = Reflect.get(globalThis, KEY);
  if (known !== undefined) return known;
  const first = { count: 0, isTold: false };
  Reflect.set(globalThis, KEY, first);
  return first;
}
