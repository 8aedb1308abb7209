import { listenError } from "../serve/listening.ts";

/** Errors: PL-LISTEN-TAKEN, with the flag that chooses another port. */
export async function openPort<T>(port: number, flag: string, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    throw listenError(error, { host: "127.0.0.1", port }, flag);
  }
}
