import { ASSERTION_SOURCES } from "./faults/assertion-sources.ts";
import { REFUSALS } from "./faults/refusals.ts";
import { THROTTLING } from "./faults/throttling.ts";
import { testHalfHourOf } from "./half-hour-tests.ts";

testHalfHourOf([...REFUSALS, ...THROTTLING, ...ASSERTION_SOURCES]);
