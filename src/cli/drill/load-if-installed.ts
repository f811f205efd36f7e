/**
 * Loads a package that need not be there; undefined when it is not.
 *
 * The name is a value, not a literal: nothing of this package depends on what is loaded so.
 */
export async function loadIfInstalled(name: string): Promise<object | undefined> {
  try {
    const loaded: unknown = await import(name);
    return typeof loaded === "object" && loaded !== null ? loaded : undefined;
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(name)
  );
}
