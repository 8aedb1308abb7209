type Role = "viewer" | "operator";

/** Who asks, and how far that reaches. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** Sees the whole fleet: its token is not limited to globs. */
  readonly fleet: boolean;
  /** Whether the application (`<namespace>/<name>`) exists for this caller. */
  sees(application: string): boolean;
}

/** Tells who holds a bearer token; undefined for nobody that is known. */
export interface Authenticator {
  authenticate(token: string): Caller | undefined;
}

/** The caller where no authentication is set up: anybody on this machine. */
export const LOCAL_CALLER: Caller = { name: "local", role: "operator", fleet: true, sees: () => true };
