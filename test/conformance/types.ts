/** One case and what is wrong with our answer to it. */
export interface Judged {
  readonly name: string;
  /** Our answer in a word or a line, for sets in which another one may be given on purpose. */
  readonly answer?: string;
  /** In a sentence; absent where we are right. */
  readonly wrong?: string;
}

/** What stands in a set and is no question to us, with the reason. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export interface SetAnswers {
  readonly cases: readonly Judged[];
  readonly leftOut: readonly LeftOut[];
}

/** A parsed JSON file of the folder. */
export interface CaseFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly value: unknown;
}

export interface CaseFolder {
  readonly root: string;
  readonly files: readonly CaseFile[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
}

/** A kind of cases, known by the form of its files and not by their names. */
export interface CaseSet {
  readonly name: string;
  /** The folder has files of this form. */
  isIn(folder: CaseFolder): boolean;
  judge(folder: CaseFolder): Promise<SetAnswers>;
}
