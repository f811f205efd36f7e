#!/usr/bin/env node

// Nothing is imported before the check, and its syntax is old: an old Node must come this far.
const NEEDED = 22;
const current = process.versions.node;

if (Number(current.split(".")[0]) < NEEDED) {
  process.stderr.write(
    `affiant: Node ${NEEDED} or newer is needed, and this is Node ${current} (${process.execPath}).\n` +
      "Install a newer one, from https://nodejs.org or with a version manager, and try again.\n",
  );
  process.exitCode = 1;
} else {
  // Not awaited: a failure ends the process, as one of this module would.
  import("./start.ts").then(({ start }) => start());
}

export {};
