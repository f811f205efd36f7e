import {
  MAX_CREDENTIAL_NAMES,
  MAX_IDENTITIES,
  MAX_WAITER_LINKS,
} from "../../src/telemetry/registry.ts";
import { errorTable } from "./error-table.ts";
import { markdownTable } from "./markdown-table.ts";
import { optionTable } from "./option-table.ts";
import type { Sections } from "./sections.ts";
import {
  attributeTable,
  bucketTable,
  eventTable,
  metricTable,
  prometheusTable,
  seriesTable,
  spanAttributeTable,
  spanTable,
} from "./signal-tables.ts";

/** All tables of docs/telemetry.md that the code decides. */
export function telemetryTables(): Sections {
  return {
    spans: spanTable(),
    "span-attributes": spanAttributeTable(),
    metrics: metricTable(),
    buckets: bucketTable(),
    series: seriesTable(),
    events: eventTable(),
    attributes: attributeTable(),
    errors: errorTable(),
    bounds: boundTable(),
    options: optionTable(),
    prometheus: prometheusTable(),
  };
}

function boundTable(): string {
  return markdownTable(
    ["what", "at most", "beyond it"],
    [
      ["names of credentials", String(MAX_CREDENTIAL_NAMES), "`_OTHER`"],
      ["names of guards (`createResilience`)", String(MAX_CREDENTIAL_NAMES), "`_OTHER`"],
      [
        "identities: combinations of what `metricAttributes` names, over all names",
        String(MAX_IDENTITIES),
        "`_OTHER` in their place; the credential keeps its name",
      ],
      [
        "links of a refresh to its callers",
        String(MAX_WAITER_LINKS),
        "counted in `entra.credential.refresh.waiter_count`",
      ],
    ],
  );
}
