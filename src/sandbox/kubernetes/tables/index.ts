/**
 * tables: what `kubectl get` prints, computed here as the real server does.
 *
 * `tableOf` makes a Table of meta.k8s.io/v1 out of objects of one resource: columns and cells by kind for the built-in ones, by
 * the definition's additionalPrinterColumns for custom resources, a name and an age for the rest. Wide columns are there
 * always, with a priority above 0: kubectl leaves them out. Ages are those of `now`.
 *
 * It does not describe built-in columns (the real server repeats the API's documentation there). Of JSONPath it knows what
 * printer columns use: fields, indexes, `[*]`, and filters that compare one field with a text. Pure; it never throws for what
 * an object holds: a cell is then empty.
 */
export { tableOf } from "./table.ts";
