import { readFileSync } from "node:fs";

const document = readFileSync(new URL("../../../docs/telemetry.md", import.meta.url), "utf8");

/** An example query, and the question that it answers. */
export interface DocumentedQuery {
  readonly question: string;
  readonly query: string;
}

/** The example queries of docs/telemetry.md. */
export function documentedQueries(): readonly DocumentedQuery[] {
  let question = "";
  return [...document.matchAll(/^\*\*(.+\?)\*\*|^```promql\n([\s\S]*?)\n```$/gm)].flatMap(
    ([, asked, query]) => {
      question = asked ?? question;
      return query === undefined ? [] : [{ question, query }];
    },
  );
}

/** The scrape configurations of docs/telemetry.md. */
export function documentedConfigurations(): readonly string[] {
  return [...document.matchAll(/^```yaml\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text);
}

/** The one for scraping a process directly. */
export function directConfiguration(): string {
  const [direct, ...more] = documentedConfigurations().filter((text) => text.includes("relabel"));
  if (direct === undefined || more.length > 0) throw new Error("not one rule, as promised");
  return direct;
}
