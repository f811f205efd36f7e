// Says what to do when the Node that runs the scripts is too old: `npm ci` brings one that is not.
const [major] = process.versions.node.split(".").map(Number);

if (major < 22) {
  process.stderr.write(
    `This repository needs Node 22 or newer and this is ${process.version}.\n` +
      "`npm ci` installs a Node of its own for the scripts, unless it runs with --ignore-scripts.\n" +
      "Run `npm ci` without that flag, or install Node 22 or newer, then try again.\n",
  );
  process.exit(1);
}
