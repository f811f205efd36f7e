/** A Markdown table; a bar within a cell does not end it. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map(() => "---");
  return [head, rule, ...rows].map(lineOf).join("\n");
}

/** A name as code. */
export function code(name: string): string {
  return `\`${name}\``;
}

/** Names as code, one after the other. */
export function codes(names: readonly string[]): string {
  return names.map(code).join(" ");
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
