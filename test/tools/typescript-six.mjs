// dependency-cruiser reads TypeScript through the compiler's API, which TypeScript 7 does not have (yet). In the process that
// loads this file `typescript` means version 6, installed as `typescript-6`: node --import ./test/tools/typescript-six.mjs ...
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) => next(specifier.replace(/^typescript(?=$|\/)/, "typescript-6"), context),
});
