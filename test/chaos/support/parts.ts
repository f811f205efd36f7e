import { spawnSync } from "node:child_process";
import type { OptionalPart } from "../../support/optional-part.ts";
import { findProgram } from "./program.ts";

/** A proxy in front of the authority. */
export const HAPROXY: OptionalPart = {
  name: "haproxy",
  enabledBy: "apt-get install haproxy",
  isPresent: () => process.platform !== "win32" && findProgram("haproxy") !== undefined,
};

/** Networks of our own, cut off from the machine's. */
export const NAMESPACES: OptionalPart = {
  name: "network namespaces",
  enabledBy: "as root on Linux: apt-get install iproute2 iptables",
  isPresent: canFilterANamespace,
};

/** A wall clock of a process's own. */
export const FAKETIME: OptionalPart = {
  name: "faketime",
  enabledBy: "on Linux: apt-get install faketime",
  isPresent: () => process.platform === "linux" && findProgram("faketime") !== undefined,
};

// A container may be root and still be refused, or its kernel may lack a module: only trying tells.
function canFilterANamespace(): boolean {
  const [ip, iptables] = [findProgram("ip"), findProgram("iptables")];
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  if (ip === undefined || iptables === undefined) return false;

  const name = `affiant-${process.pid}-probe`;
  const works = (args: readonly string[]) =>
    spawnSync(ip, args, { timeout: 5_000, stdio: "ignore" }).status === 0;
  const filters = [
    "-p tcp -m statistic --mode random --probability 0.5 -j DROP",
    "-p tcp -m connbytes --connbytes 1: --connbytes-dir reply --connbytes-mode bytes -j DROP",
  ].map((rule) => ["netns", "exec", name, iptables, "-A", "INPUT", ...rule.split(" ")]);
  try {
    return works(["netns", "add", name]) && filters.every(works);
  } finally {
    works(["netns", "del", name]);
  }
}
