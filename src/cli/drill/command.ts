import { PACKAGE_NAME, PACKAGE_VERSION } from "../../version.ts";
import type { Command } from "../command.ts";
import { Page } from "../page.ts";
import type { Terminal } from "../terminal.ts";
import { checkNames, readArguments } from "./arguments.ts";
import { drillScenarios } from "./drill-scenarios.ts";
import { HELP } from "./help.ts";
import { SCENARIOS } from "./scenarios/all-scenarios.ts";
import { drillTimeline } from "./timeline/drill-timeline.ts";

/** `affiant drill`: scenarios of trouble under load, or a timeline of the user's own. */
export const drill: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { format, task } = readArguments(args);
    switch (task.kind) {
      case "list":
        list(format, terminal);
        return 0;
      case "timeline":
        return drillTimeline(task, { format, terminal });
      case "scenarios": {
        const known = SCENARIOS.map(({ name }) => name);
        checkNames(task.only, known);
        const wanted = SCENARIOS.filter(
          ({ name }) => task.only.length === 0 || task.only.includes(name),
        );
        return drillScenarios(wanted, { ...task, format, terminal });
      }
      default:
        return task satisfies never;
    }
  },
};

function list(format: "text" | "json", { write, colors, columns }: Terminal): void {
  const rows = SCENARIOS.map(({ name, promise, setup }) => ({ name, promise, setup }));
  if (format === "json") {
    write(`${JSON.stringify({ command: "drill", scenarios: rows }, undefined, 2)}\n`);
    return;
  }
  const page = new Page({ write, colors, columns });
  page.title(`${PACKAGE_NAME} ${PACKAGE_VERSION}`, "the scenarios of the drill");
  for (const { name, promise } of rows) {
    page.heading(name);
    page.paragraph(promise);
  }
}
