import { type Sources, withoutComments } from "./sources.ts";

const MAX_LINES = 250;

/** Files too long to hold one idea. */
export function longFiles(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, source]) => {
    const lines = source.replace(/\n$/, "").split("\n").length;
    return lines > MAX_LINES ? [`${path} has ${lines} lines, ${MAX_LINES} are allowed`] : [];
  });
}

const CLOCK = /\b(?:Date\.now|Math\.random|performance\.now|process\.hrtime|new Date\(\))/g;

// Who may ask the machine for time and chance, and why the clock port is not meant for them.
const CLOCK_READERS: readonly { readonly files: RegExp; readonly reason: string }[] = [
  { files: /^src\/adapters\/system-clock\.ts$/, reason: "is the clock" },
  { files: /^src\/adapters\/otel-/, reason: "times what it reports; no result depends on it" },
  { files: /^src\/assertions\/certificate-options\.ts$/, reason: "the default of its option now" },
  { files: /^src\/testing\//, reason: "an authority of its own, with a clock of its own" },
  { files: /^src\/cli\//, reason: "talks with a person, in the person's time" },
];

/** Files that read the time or roll dice without being asked to. */
export function clockReaders(sources: Sources): readonly string[] {
  return [...sources]
    .filter(([path]) => !CLOCK_READERS.some(({ files }) => files.test(path)))
    .flatMap(([path, source]) =>
      [...withoutComments(source).matchAll(CLOCK)].map(([call]) => `${path} reads ${call}`),
    );
}

/** Files with a default export, whose name each importer makes up. */
export function defaultExports(sources: Sources): readonly string[] {
  const pattern = /^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m;
  return [...sources]
    .filter(([, source]) => pattern.test(withoutComments(source)))
    .map(([path]) => `${path} has a default export`);
}

/** Files named after nothing in particular, where anything may gather. */
export function grabBags(sources: Sources): readonly string[] {
  return [...sources.keys()]
    .filter((path) => /(?:^|\/)(?:utils?|helpers?|types|common|misc)(?:\.ts|\/)/.test(path))
    .map((path) => `${path} is named after nothing in particular`);
}
