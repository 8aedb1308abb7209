import type { Json } from "../model/index.ts";
import type { Piece, Reading } from "./reading.ts";

export interface Anchor {
  readonly value: Json;
  /** Values it consists of, itself included, those of aliases in it too. */
  readonly nodes: number;
  /** Levels of lists and mappings in it. */
  readonly height: number;
}

export interface Anchors {
  /** The anchor is known but its value is not whole yet: an alias to it would contain itself. */
  open(name: string): void;
  set(name: string, anchor: Anchor): void;
  /** Errors: PL-YAML-ALIASES when it contains itself or costs too much, PL-YAML-SYNTAX when there is none. */
  use(name: string, offset: number): Anchor;
}

/**
 * The anchors of one document. An alias costs nothing here, because values are shared, but whatever writes them out
 * pays for each: so every alias is charged with all it stands for (limits.nodes, over the whole file).
 */
export function createAnchors(reading: Reading, piece: Piece): Anchors {
  const known = new Map<string, Anchor | undefined>();
  const { limits } = reading;
  let uses = 0;
  const refuse = (offset: number, message: string): never =>
    reading.fail({ code: "PL-YAML-ALIASES", offset: piece.at(offset), message });
  return {
    open: (name) => void known.set(name, undefined),
    set: (name, anchor) => void known.set(name, anchor),
    use(name, offset) {
      // Messages do not say the name: a password that begins with an asterisk and lacks quotes reads as an alias.
      const anchor = known.get(name);
      if (anchor === undefined) {
        if (known.has(name)) refuse(offset, "an alias stands inside of what it means");
        return reading.fail({
          code: "PL-YAML-SYNTAX",
          offset: piece.at(offset),
          message: "an alias whose anchor is not in the document",
        });
      }
      uses++;
      reading.expanded += anchor.nodes;
      if (uses > limits.aliases) refuse(offset, `more than ${limits.aliases} aliases in one document`);
      if (reading.expanded > limits.nodes) refuse(offset, `the aliases stand for more than ${limits.nodes} values`);
      return anchor;
    },
  };
}
