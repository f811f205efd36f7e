import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { AssertionUnavailableError } from "../domain/errors.ts";
import { orAborted } from "../domain/or-aborted.ts";
import { systemCodeOf } from "../domain/system-code.ts";

// A projected token has about 1 KiB and a certificate chain about 10: this only stops a wrong path.
const MAX_BYTES = 1024 * 1024;

// These heal by themselves: another process is about to write the file, or lets go of some handles.
const TRANSIENT_CODES = new Set(["ENOENT", "EAGAIN", "EBUSY", "EIO", "EMFILE", "ENFILE", "ESTALE"]);

const CURES: Readonly<Record<string, string>> = {
  ENOENT: "does not exist; check the path, and that the volume is mounted",
  ENOTDIR: "does not exist: part of its path is a file; check the path",
  EACCES: "may not be read by this process; check its owner and mode",
  EPERM: "may not be read by this process; check its owner and mode",
};

/**
 * A small text file that somebody else replaces from time to time.
 *
 * Every `read` goes to the disk, so a change is seen at once, however it was made: swapped
 * symbolic link, rename or rewrite in place. No time stamp is trusted, for a second write
 * within one tick of the file system's clock leaves it as it was. It costs some 0.2 ms, once
 * per token request.
 *
 * Calls at the same time share one read. It belongs to none of them: a caller whose signal
 * fires stops waiting, and the read goes on for the others.
 */
export class FileContent {
  /** Absolute, so that a later `process.chdir` changes nothing. */
  readonly path: string;
  readonly #what: string;
  #reading: Promise<string> | undefined;

  /** `what` names the content in errors, as in "The federated token file". */
  constructor(path: string, what: string) {
    this.path = resolve(path);
    this.#what = what;
  }

  /**
   * The content as of now, trimmed (a byte order mark goes, too) and never empty.
   *
   * @throws AssertionUnavailableError when there is no such text: the file is missing, empty,
   * unreadable, over 1 MiB or no regular file. Names the path, never the content.
   * @throws the signal's reason when `signal` fires first.
   */
  read(signal: AbortSignal): Promise<string> {
    if (signal.aborted) return Promise.reject(signal.reason);
    this.#reading ??= this.#readText().finally(() => {
      this.#reading = undefined;
    });
    return orAborted(this.#reading, signal);
  }

  async #readText(): Promise<string> {
    const content = await this.#readWhole().catch((error: unknown) => {
      throw error instanceof AssertionUnavailableError ? error : this.#unreadable(error);
    });
    const text = content.trim();
    if (text === "") throw this.#failure("is empty; something must write it", true);
    return text;
  }

  async #readWhole(): Promise<string> {
    // Asked before opening: to open a named pipe would wait for its writer forever.
    const facts = await stat(this.path);
    if (!facts.isFile()) throw this.#failure("is not a regular file; check the path");
    if (facts.size > MAX_BYTES) throw this.#failure("is larger than 1 MiB; check the path");
    return readFile(this.path, "utf8");
  }

  #unreadable(error: unknown): AssertionUnavailableError {
    const code = systemCodeOf(error) ?? "unknown error";
    const cure = CURES[code] ?? `cannot be read (${code})`;
    return this.#failure(cure, TRANSIENT_CODES.has(code));
  }

  #failure(problem: string, transient = false): AssertionUnavailableError {
    return new AssertionUnavailableError(`${this.#what} ${this.path} ${problem}.`, { transient });
  }
}
