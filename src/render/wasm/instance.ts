import type { EngineAnswer, EngineRequest, Question, Reply } from "./protocol.ts";
import { Wasi } from "./wasi.ts";

export interface InstanceHost {
  /** Gives the answer before it returns. */
  readonly ask: (question: Question) => Reply;
  readonly onLine: (line: string) => void;
}

const ANSWERED = 0;
const MISSING = 1;
const REFUSED = 2;

/** The engine, started: one request at a time. After an error it is of no more use. */
export class EngineInstance {
  readonly wasi: Wasi;
  readonly #memory: WebAssembly.Memory;
  readonly #alloc: (length: number) => number;
  readonly #render: () => bigint;
  #answer: Uint8Array | undefined;

  /** Errors: what the module throws, RangeError where the stack is too small. */
  constructor(module: WebAssembly.Module, host: InstanceHost) {
    this.wasi = new Wasi(host);
    const plumbline = {
      ask: (at: number, length: number): number => {
        const question: Question = JSON.parse(this.#text(at >>> 0, length));
        this.#answer = encoded(host.ask(question));
        return this.#answer.length;
      },
      take: (at: number): undefined => {
        if (this.#answer !== undefined) new Uint8Array(this.#memory.buffer).set(this.#answer, at >>> 0);
        this.#answer = undefined;
      },
    };
    const imports = { wasi_snapshot_preview1: this.wasi.imports(module), plumbline };
    const { exports } = new WebAssembly.Instance(module, imports);
    const { memory, alloc, render, _initialize: initialize } = exports;
    if (!(memory instanceof WebAssembly.Memory) || !isFunction(alloc) || !isFunction(render) || !isFunction(initialize))
      throw new Error("the module is not the engine");
    this.#memory = memory;
    this.#alloc = (length) => Number(alloc(length));
    this.#render = () => BigInt.asUintN(64, BigInt(render() ?? 0));
    this.wasi.attach(memory);
    initialize();
  }

  /** Its memory cannot grow by a page more. */
  get isFull(): boolean {
    try {
      this.#memory.grow(1);
      return false;
    } catch {
      // A RangeError, which is all that this can throw.
      return true;
    }
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  render(request: EngineRequest): EngineAnswer {
    const body = Buffer.from(JSON.stringify(request));
    const at = this.#alloc(body.length) >>> 0;
    new Uint8Array(this.#memory.buffer).set(body, at);
    const packed = this.#render();
    const answer: EngineAnswer = JSON.parse(this.#text(Number(packed >> 32n), Number(packed & 0xffffffffn)));
    return answer;
  }

  #text(at: number, length: number): string {
    return Buffer.from(this.#memory.buffer, at, length >>> 0).toString("utf8");
  }
}

type Exported = (...numbers: readonly number[]) => number | bigint | undefined;

function isFunction(value: unknown): value is Exported {
  return typeof value === "function";
}

function encoded(reply: Reply): Uint8Array {
  if ("missing" in reply) return Uint8Array.of(MISSING);
  if ("refused" in reply) return Buffer.concat([Uint8Array.of(REFUSED), Buffer.from(JSON.stringify(reply.refused))]);
  const { content } = reply;
  return Buffer.concat([Uint8Array.of(ANSWERED), typeof content === "string" ? Buffer.from(content) : content]);
}
