export { type Catalogue, createCatalogue } from "./catalogue.ts";
export { definitionStatus, refuseDefinition } from "./definition.ts";
export { discoveryDocument } from "./discovery.ts";
