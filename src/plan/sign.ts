import type { Action } from "../model/index.ts";

/** How an action is drawn. */
export const SIGN: { readonly [action in Action]: string } = {
  create: "+",
  update: "~",
  adopt: "^",
  replace: "±",
  prune: "-",
  release: "o",
  run: "*",
  none: " ",
};
