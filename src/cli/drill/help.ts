/** What `affiant drill --help` prints. */
export const HELP = `Usage: affiant drill [options] [scenario ...]
       (in its repository: npm run drill -- [options])

Puts the credential under load while an authority in this process fails in all
the ways in which authorities fail, and tells for each what was expected and
what was seen. It needs no account and no network, and takes under 5 minutes.

  --list              Lists the scenarios
  --only NAME[,NAME]  Runs these only; names may also stand by themselves
  --seconds N         How long each fault lasts, 1 to 60, else 10
  --quick             Two seconds for each fault: a first look
  --compare           Runs @azure/identity beside it, if that is installed, each
                      scenario cut off after 15 s
  --timeline FILE     Plays a file of your own in place of the scenarios:
                      { "faults": [{ "atS": 2, "forS": 5, "kind": "outage" }] }
                      All kinds are in docs/drill.md
  --json              Prints one JSON object, and progress on standard error;
                      through npm: npm run --silent drill -- --json

Examples:
  affiant drill --quick
  affiant drill stale-outage cold-thousand-keys --seconds 30
  affiant drill --timeline monday.json

Exit code: 0 when all was as expected, 1 when it was not, 2 when options or the
timeline make no sense.
`;
