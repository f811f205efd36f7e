import { AssertionUnavailableError, ConfigurationError } from "../domain/errors.ts";
import { refuseUnknownOptions, requireText } from "../domain/option-checks.ts";
import { type AssertionSource, assertionSource } from "./assertion-source.ts";
import { FileContent } from "./file-content.ts";

/** Options of `workloadIdentityFile`. */
export interface WorkloadIdentityFileOptions {
  /**
   * Where the token file is.
   *
   * @defaultValue the environment variable `AZURE_FEDERATED_TOKEN_FILE`, which the workload
   * identity webhook of Kubernetes sets; read once, at construction
   */
  readonly path?: string;
}

const KNOWN = new Set(["path"]);

/**
 * Presents a token that the platform keeps in a file, such as the projected service account
 * token of Kubernetes, as the assertion: workload identity federation.
 *
 * Nothing is read at construction. The file is read on every call (calls at the same time
 * share one read), so a token that has been rotated is never missed and an expired one never
 * kept. White space around the token is dropped. The token is presented as it is: its `iss`
 * and `sub` are the platform's, and Entra compares them with the federated credential.
 *
 * Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 *
 * @throws ConfigurationError at construction, when neither `path` nor the variable is there.
 * What goes wrong with the file itself rejects the call with `AssertionUnavailableError`.
 */
export function workloadIdentityFile(options: WorkloadIdentityFileOptions = {}): AssertionSource {
  const file = new FileContent(tokenPath(options), "The federated token file");
  return assertionSource({
    kind: "file",
    getAssertion: async ({ abortSignal }) => onlyToken(await file.read(abortSignal), file.path),
  });
}

function tokenPath(options: WorkloadIdentityFileOptions): string {
  refuseUnknownOptions("workloadIdentityFile", options, KNOWN);
  if (options.path !== undefined) return requireText("path", options.path);
  const { AZURE_FEDERATED_TOKEN_FILE: path } = process.env;
  if (path) return path;
  throw new ConfigurationError(
    "workloadIdentityFile needs path or the environment variable AZURE_FEDERATED_TOKEN_FILE; " +
      "in Kubernetes, label the pod azure.workload.identity/use: 'true'.",
  );
}

function onlyToken(text: string, path: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new AssertionUnavailableError(
    `The federated token file ${path} holds something else than one token; check the path.`,
  );
}
