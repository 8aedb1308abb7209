import { type ApplicationStatus, PlumblineError } from "../model/index.ts";

export function stillDeclared(name: string, by: string): PlumblineError {
  return new PlumblineError("PL-DECLARED", {
    message: `${name} is declared still, by ${by === "" ? "the settings of this server" : by}`,
    where: name,
  });
}

export function abandonedStatus(full: string, why: string): ApplicationStatus {
  const [namespace = "", name = ""] = full.split("/");
  const message = `${why}; nothing becomes of its objects. \`plumb delete ${full} --prune\` deletes them, \`--orphan\` lets go of them`;
  return {
    namespace,
    name,
    sync: { status: "Unknown", message },
    health: { status: "Unknown", message: "nobody declares it any more" },
    source: { repo: "", ref: "", path: "" },
    ...{ resources: [], drift: [], problems: [] },
    warnings: [message],
  };
}
