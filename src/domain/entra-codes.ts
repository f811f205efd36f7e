/** Entra's number for an assertion outside its validity: a new one may be inside. */
export const ASSERTION_EXPIRED = 700024;
