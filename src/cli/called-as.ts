type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How a command was called, ready for its options: from a script of npm they come after `--`.
 * Without a command, how `affiant` itself was.
 */
export function calledAs(env: Environment, command?: string): string {
  const script = env["npm_lifecycle_event"];
  if (script === "start" && command === "demo") return "npm start --";
  if (script === "drill" && command === "drill") return "npm run drill --";
  const name = script === "npx" ? "npx affiant" : "affiant";
  return command === undefined ? name : `${name} ${command}`;
}

/** How to have the demo print JSON and nothing else: npm tells what it runs, unless it is silenced. */
export function calledForJson(env: Environment): string {
  return `${calledAs(env, "demo").replace("npm start", "npm start --silent")} --json`;
}
