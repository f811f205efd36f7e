// A proxy leads away from the authority in this process, and Azure's variables change what a credential does.
const MEDDLING = /^(?:https?_proxy|azure_\w+)$/i;

/**
 * Makes something, such as a credential, that reads the environment of the process while it is
 * made, and hides from it what is meant for the world outside.
 */
export function withOwnEnvironment<T>(make: () => T): T {
  const hidden = Object.entries(process.env).filter(([name]) => MEDDLING.test(name));
  for (const [name] of hidden) delete process.env[name];
  try {
    return make();
  } finally {
    Object.assign(process.env, Object.fromEntries(hidden));
  }
}
