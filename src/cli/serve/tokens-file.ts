import { createAuthenticator, parseTokens } from "../../api/index.ts";
import { type Log, toProblem } from "../../model/index.ts";
import { readText } from "../settings/read-text.ts";

const POLL_MS = 5000;

export interface TokensFile {
  readonly authentication: ReturnType<typeof createAuthenticator>;
  stop(): void;
}

/** The tokens of a file, read again when it changes; what cannot be used is logged, and the last good ones stay. Errors of the first reading: PL-CONFIG-*. */
export async function openTokensFile(file: string, log: Log): Promise<TokensFile> {
  let text = await readText(file);
  let entries = parseTokens(text, file);
  const look = async (): Promise<void> => {
    try {
      const now = await readText(file);
      if (now === text) return;
      text = now;
      entries = parseTokens(now, file);
      log.info({ file, tokens: entries.length }, "the tokens were read again");
    } catch (error) {
      log.error({ ...toProblem(error) }, "the tokens file cannot be used; the last good tokens stay in force");
    }
  };
  const poll = setInterval(() => void look(), POLL_MS);
  return { authentication: createAuthenticator(() => entries), stop: () => clearInterval(poll) };
}

/** The secret of webhooks, read at each delivery so that a renewed one counts. Errors: PL-CONFIG-UNREADABLE. */
export async function webhookSecretOf(file: string | undefined): Promise<(() => Promise<string>) | undefined> {
  if (file === undefined) return undefined;
  const read = async (): Promise<string> => (await readText(file)).trim();
  await read();
  return read;
}
