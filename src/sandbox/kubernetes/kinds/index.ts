export { prepareBuiltIn } from "./prepare.ts";
export { refuseBuiltIn } from "./refuse.ts";
export { type Taken, takenBy } from "./service.ts";
