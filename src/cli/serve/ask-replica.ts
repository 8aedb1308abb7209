import { QUESTIONS_PATH, type Question } from "../../api/index.ts";
import { parseJson } from "../../kit/parse-json.ts";
import { isJsonObject, PlumblineError } from "../../model/index.ts";
import type { PeerRequest, Peers, Replica } from "../../replicas/index.ts";

interface Way extends Pick<PeerRequest, "waitMs"> {
  readonly peers: Peers;
}

/** What another replica answers, as nobody has checked it yet. Errors: PL-REPLICA-AWAY. */
export async function askOne(replica: Replica, question: Question, { peers, ...way }: Way): Promise<unknown> {
  const { status, text } = await peers.send(replica, {
    ...{ method: "POST", path: QUESTIONS_PATH, body: JSON.stringify(question) },
    ...way,
  });
  const answer = parseJson(text);
  if (status === 200 && isJsonObject(answer)) return answer["answer"];
  const said = isJsonObject(answer) && typeof answer["detail"] === "string" ? `: ${answer["detail"]}` : "";
  const message = `replica ${replica.id} refuses to answer (${status}${said})`;
  throw new PlumblineError("PL-REPLICA-AWAY", {
    message,
    ...(replica.url === undefined ? {} : { where: replica.url }),
  });
}
