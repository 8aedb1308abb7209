import { type KubeObject, WRITER_ANNOTATION } from "../model/index.ts";

/** Who writes an application, as its parent says it, where more than one process may. */
export interface Writer {
  /** Grows with each change of hands, so that who had it before and has it again is told from who had it all along. */
  readonly number: number;
  /** Names the replica and its term. */
  readonly token: string;
}

const FORM = /^([1-9][0-9]{0,14}) (\S+)$/;

/** Undefined where nobody is named. What cannot be read is somebody, and not us. */
export function writerOn(parent: KubeObject | undefined): Writer | undefined {
  const text = parent?.metadata.annotations?.[WRITER_ANNOTATION];
  if (text === undefined) return undefined;
  const [, number = "0", token = text] = FORM.exec(text) ?? [];
  return { number: Number(number), token };
}

/** The parent as this writer applies it. */
export function writtenBy(parent: KubeObject, { number, token }: Writer): KubeObject {
  const { annotations = {} } = parent.metadata;
  const metadata = { ...parent.metadata, annotations: { ...annotations, [WRITER_ANNOTATION]: `${number} ${token}` } };
  return { ...parent, metadata };
}

/** Whose token it is keeps its number; another one takes the next. */
export function nextWriter(before: Writer | undefined, token: string): Writer {
  return before?.token === token ? before : { number: (before?.number ?? 0) + 1, token };
}

export function isSameWriter(one: Writer | undefined, other: Writer | undefined): boolean {
  return one?.number === other?.number && one?.token === other?.token;
}
