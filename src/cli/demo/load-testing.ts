/** The demo needs packages that the library itself does not. */
class MissingPackagesError extends Error {
  override readonly name = "MissingPackagesError";
}

/**
 * Loads the local authority, and with it the optional packages it is made of.
 *
 * @throws MissingPackagesError that says what to install.
 */
export async function loadTesting(): Promise<typeof import("../../testing/index.ts")> {
  try {
    const testing = await import("../../testing/index.ts");
    // The first certificate loads the second package; better to know before the story begins.
    await testing.createSelfSignedCertificate();
    return testing;
  } catch (error) {
    throw isMissingPackage(error) ? missingPackages() : error;
  }
}

function isMissingPackage(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const isMissing = error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
  return isMissing && /jose|@peculiar\/x509/.test(error.message);
}

function missingPackages(): MissingPackagesError {
  return new MissingPackagesError(
    "the local authority is made of two packages that are not installed: npm install jose @peculiar/x509",
  );
}
