const REDACTED = "[redacted]";

const LONG_RUN = /[\w+/%-]{40,}={0,2}/g;
// JSON starts with {" or { and white space, hence base64url with one of these; "PrivateKeyJwt" is prose.
const JWT =
  /(?:\[redacted\]|(?:(?<![Kk])eyJ|(?<![A-Za-z0-9])(?:eyA|ewo|ewk|ew0))[\w-]{8,})(?:\.+(?:[\w-]+|\[redacted\]))*/g;
const FRAME = /^\s+at .*:\d+:\d+\)?$/;
const SEPARATOR = /%[0-9A-Fa-f]{2}|[/_+=%-]/;

/**
 * Replaces whatever looks like a JWT, a fragment of one or another long opaque base64 string.
 *
 * URLs, GUIDs, certificate thumbprints and prose stay readable. Meant for text from outside that
 * goes into errors, events or logs; it knows secrets by their shape only.
 */
export function redactSecrets(text: string): string {
  return text.split("\n").map(redactLine).join("\n");
}

function redactLine(line: string): string {
  // A frame of a stack: its path may have folders of any name, and nobody puts secrets there.
  if (FRAME.test(line)) return line.replace(JWT, REDACTED);
  // Long runs first: a run that happens to hold the start of a JWT would lose only its end.
  return line.replace(LONG_RUN, (run) => (isOpaque(run) ? REDACTED : run)).replace(JWT, REDACTED);
}

// A path or a GUID is a row of short words and numbers; base64 mixes letters and digits throughout.
function isOpaque(run: string): boolean {
  return run.split(SEPARATOR).some((piece) => piece.length >= 8 && !isReadable(piece));
}

function isReadable(piece: string): boolean {
  return /^[A-Za-z]{1,32}\d{0,6}$/.test(piece) || /^[0-9a-fA-F]{1,64}$/.test(piece);
}
