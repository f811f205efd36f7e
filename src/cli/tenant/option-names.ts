/** Where the library's errors name an option of its API, and what that is at the command line. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^authorityHost\b/, "--authority (or AZURE_AUTHORITY_HOST)"],
  [/^tenantId\b/, "--tenant (or AZURE_TENANT_ID)"],
  [/^ClientAssertionCredential: the parameter tenantId\b/, "--tenant (or AZURE_TENANT_ID)"],
  [/^ClientAssertionCredential: the parameter clientId\b/, "--client (or AZURE_CLIENT_ID)"],
  [/^scopes\b/, "--scope"],
  [/^The pemPath file\b/, "The --certificate file"],
  [/\(pemPath\)/, "(--certificate)"],
  [
    /^tls\.ca must be a certificate in PEM, or an array of them/,
    "--ca must name a PEM file with certificates",
  ],
  [
    /\bGive its issuer's certificate in tls\.ca\b/,
    "Name a file with its issuer's certificate with --ca",
  ],
  [/\b(?:plain http is refused|plain http would)\b.*$/, "the command line asks over https only."],
  [/; a path goes into the option that ends in Path, and a PFX\b/, "; a PFX"],
  [/; give its passphrase\b/, "; decrypt it first, for example with openssl rsa"],
  [/ \(resilience\.\w+\)/, ""],
];

/** A message of the library in the words of the command line. */
export function inOptionNames(message: string): string {
  return NAMES.reduce((told, [name, option]) => told.replace(name, option), message);
}
