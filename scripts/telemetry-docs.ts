// Writes the tables of docs/telemetry.md anew, from the registry: node scripts/telemetry-docs.ts
import { readFileSync, writeFileSync } from "node:fs";
import { withSections } from "./telemetry-docs/sections.ts";
import { telemetryTables } from "./telemetry-docs/tables.ts";

const file = new URL("../docs/telemetry.md", import.meta.url);

writeFileSync(file, withSections(readFileSync(file, "utf8"), telemetryTables()));
