import { compareCases } from "./compare-cases.ts";

compareCases("helm");
