/** Whether this run wants every optional part: then what is missing is a failure, not a skip. */
export function allPartsAreRequired(): boolean {
  return (process.env["AFFIANT_REQUIRE_ALL"] ?? "") !== "";
}
