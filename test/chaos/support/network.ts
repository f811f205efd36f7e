import { randomBytes } from "node:crypto";
import { programPath, runProgram } from "./program.ts";

/** One end of a network of two. */
export interface Side {
  readonly address: string;
  /** Runs the rest of a command line there. */
  readonly within: readonly string[];
  /** Changes its addresses and links. */
  ip(command: string): Promise<string>;
  /** Changes its filters, or reads them. */
  iptables(command: string): Promise<string>;
}

/** Two namespaces with a cable between them and nothing else; both go when it is disposed of. */
export interface Network extends AsyncDisposable {
  readonly authority: Side;
  readonly service: Side;
}

/** The name of the cable's end on either side. */
export const CABLE = "eth0";

const PREFIX = "affiant-";

/** Makes one. The machine's own network stays as it is, and its addresses are not seen there. */
export async function openNetwork(): Promise<Network> {
  await removeLeftovers();
  // TEST-NET-1, which belongs to nobody.
  const [authority, service] = [newSide("192.0.2.1"), newSide("192.0.2.2")];
  const close = async () => {
    await Promise.allSettled([authority, service].map(({ name }) => removeNamespace(name)));
  };
  try {
    await runProgram("ip", ["netns", "add", authority.name]);
    await runProgram("ip", ["netns", "add", service.name]);
    await authority.ip(`link add ${CABLE} type veth peer name ${CABLE} netns ${service.name}`);
    await Promise.all([connect(authority), connect(service)]);
    return { authority, service, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface NamedSide extends Side {
  readonly name: string;
}

function newSide(address: string): NamedSide {
  const name = `${PREFIX}${process.pid}-${randomBytes(4).toString("hex")}`;
  const exec = ["netns", "exec", name];
  return {
    name,
    address,
    within: [programPath("ip"), ...exec],
    ip: (command) => runProgram("ip", ["-n", name, ...command.split(" ")]),
    iptables: (command) =>
      runProgram("ip", [...exec, programPath("iptables"), "-w", "5", ...command.split(" ")]),
  };
}

async function connect({ ip, address }: Side): Promise<void> {
  await ip("link set lo up");
  await ip(`addr add ${address}/24 dev ${CABLE}`);
  await ip(`link set ${CABLE} up`);
}

// Of a run that was killed: its process is in the names.
async function removeLeftovers(): Promise<void> {
  const list = await runProgram("ip", ["netns", "list"]);
  const left = list
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((name) => name.startsWith(PREFIX) && !isRunning(Number(name.split("-")[1])));
  await Promise.allSettled(left.map(removeNamespace));
}

function removeNamespace(name: string): Promise<string> {
  return runProgram("ip", ["netns", "del", name]);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
