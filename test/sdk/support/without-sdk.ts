import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const API = "node_modules/@opentelemetry/api";

/** Where the package is installed with the API of OpenTelemetry, and its SDK is not. */
export async function installedWithoutSdk() {
  const folder = await mkdtemp(join(tmpdir(), "affiant-without-sdk-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules/@opentelemetry"), { recursive: true });
  await Promise.all([
    symlink(join(ROOT, API), join(folder, API)),
    writeFile(join(folder, "package.json"), '{ "type": "module" }'),
    ...["src/sdk", "src/domain"].map((path) =>
      cp(join(ROOT, path), join(folder, path), { recursive: true }),
    ),
  ]);
  const file = (path: string) => pathToFileURL(join(folder, path));
  const script = async (text: string) => {
    await writeFile(join(folder, "script.js"), text);
    return file("script.js");
  };
  return { register: file("src/sdk/register.ts"), script };
}
