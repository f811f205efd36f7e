/** A variable of the environment. A blank one counts as not set, as everywhere in OpenTelemetry. */
export function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

/**
 * Runs what reads the environment, with variables in place that nobody else gets to see: they are
 * taken back when it returns, so that no child process inherits them.
 *
 * Its arguments are out of sight meanwhile. The SDK's process detector would send all of them along
 * with each span, and an argument may be a password.
 */
export function readingEnvironment<T>(lent: Readonly<Record<string, string>>, read: () => T): T {
  const { argv, execArgv } = process;
  const before = Object.keys(lent).map((name) => [name, process.env[name]] as const);
  try {
    Object.assign(process.env, lent);
    process.argv = argv.slice(0, 2);
    process.execArgv = [];
    return read();
  } finally {
    process.argv = argv;
    process.execArgv = execArgv;
    for (const [name, value] of before) restore(name, value);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
