import { MISSHAPEN } from "./faults/misshapen.ts";
import { OUTAGES } from "./faults/outages.ts";
import { testHalfHourOf } from "./half-hour-tests.ts";

testHalfHourOf([...OUTAGES, ...MISSHAPEN]);
