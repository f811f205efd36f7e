/** How the demo was called, ready for its options: from a script of npm they come after `--`. */
export function calledAs(env: Readonly<Record<string, string | undefined>>): string {
  return env["npm_lifecycle_event"] === "start" ? "npm start --" : "affiant demo";
}
