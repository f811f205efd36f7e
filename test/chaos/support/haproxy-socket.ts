import { connect } from "node:net";

const ANSWER_MS = 5_000;

/** Asks haproxy's administration socket one thing and gives the answer. */
export async function askSocket(socketFile: string, question: string): Promise<string> {
  const socket = connect(socketFile).setEncoding("utf8");
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error("haproxy does not answer")));
  socket.write(`${question}\n`);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

/** What haproxy has counted for one of its sides. */
export async function readStatistics(
  socketFile: string,
  proxy: string,
  side: string,
): Promise<{ readonly requests: number }> {
  const [head = "", ...rows] = (await askSocket(socketFile, "show stat")).trim().split("\n");
  const names = head.replace(/^# /, "").split(",");
  const row = rows.map((line) => line.split(",")).find(([p, s]) => p === proxy && s === side);
  const requests = Number(row?.[names.indexOf("req_tot")]);
  if (!Number.isInteger(requests)) throw new Error(`haproxy has no count for ${proxy} ${side}`);
  return { requests };
}
