/** As much of WebAssembly's JavaScript interface as is used here: TypeScript has it only together with a browser's whole window. */
declare namespace WebAssembly {
  type ImportValue = (...numbers: never[]) => number | bigint | undefined;
  interface ModuleImports {
    readonly [name: string]: ImportValue;
  }
  interface Described {
    readonly module: string;
    readonly name: string;
  }
  class Module {
    static imports(module: Module): readonly Described[];
    private readonly compiled: true;
  }
  class Instance {
    constructor(module: Module, imports: { readonly [module: string]: ModuleImports });
    readonly exports: { readonly [name: string]: unknown };
  }
  class Memory {
    constructor(size: { readonly initial: number });
    readonly buffer: ArrayBuffer;
    /** By pages. Errors: RangeError. */
    grow(pages: number): number;
  }
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
}
