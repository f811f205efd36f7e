/** The tenant of these tests; in a file without other imports, since scripts know it too. */
export const TENANT = "11111111-2222-3333-4444-555555555555";

/** The client of these tests. */
export const CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
