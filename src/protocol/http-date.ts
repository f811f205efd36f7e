const IMF_FIXDATE = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^\w{6,9}, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Reads an HTTP-date in any of its three forms, as milliseconds since the epoch;
 * undefined for anything else. RFC 9110 section 5.6.7.
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  const date = text?.trim() ?? "";
  // Date.parse alone takes "120" or "-1" for a year, and asctime, which means GMT, for local time.
  if (ASCTIME.test(date)) return valid(Date.parse(`${date} GMT`));
  if (IMF_FIXDATE.test(date) || RFC_850.test(date)) return valid(Date.parse(date));
  return undefined;
}

function valid(time: number): number | undefined {
  return Number.isNaN(time) ? undefined : time;
}
