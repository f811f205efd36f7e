// Taken before any test replaces it.
const atOnce = setImmediate;

/** One turn of the real event loop: all promises that need no clock settle meanwhile. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    atOnce(resolve);
  });
}
