import { isJsonObject, type Json, type JsonObject, type Manifest, refOf } from "../model/index.ts";
import { type Candidate, checkedObject, typeName } from "./object-check.ts";
import type { Located, Reading } from "./reading.ts";

/** What a list gives: its items, and what those that lack it have of the list. */
interface ListContent {
  readonly items: readonly Json[];
  readonly inherited: JsonObject;
}

/** Lists in lists beyond this are nobody's intent. */
const LIST_DEPTH = 10;

/** The manifests of a document, lists taken apart. Reports what is missing or of a wrong type, and gives no manifest for it. */
export function manifestsOf(
  reading: Reading,
  document: Located,
  source: { readonly repo: string; readonly revision: string },
): Manifest[] {
  const manifests: Manifest[] = [];
  const visit = (candidate: Candidate, depth: number): void => {
    const list = listContent(reading, candidate);
    if (list === undefined) {
      const object = checkedObject(reading, candidate);
      if (object === undefined) return;
      const { line } = reading.positionOf(candidate.offset);
      manifests.push({ ref: refOf(object), object, origin: { ...source, file: reading.file, line } });
    } else if (depth >= LIST_DEPTH) {
      const message = `lists stand in lists more than ${LIST_DEPTH} levels deep`;
      reading.report({ code: "PL-MANIFEST-INVALID", offset: candidate.offset, message });
    } else {
      for (const item of list.items) {
        const value = isJsonObject(item) ? { ...list.inherited, ...item } : item;
        visit({ value, offset: document.items.get(item) ?? candidate.offset }, depth + 1);
      }
    }
  };
  visit(document, 0);
  return manifests;
}

/**
 * The content of `kind: List` and of kinds like ConfigMapList; undefined for what is no list. In the latter, items may lack
 * apiVersion and kind and then have those of the list: the API server writes them so.
 */
function listContent(reading: Reading, { value, offset }: Candidate): ListContent | undefined {
  if (!isJsonObject(value)) return undefined;
  const { apiVersion, kind, items } = value;
  if (typeof kind !== "string" || !kind.endsWith("List")) return undefined;
  const itemKind = kind.slice(0, -"List".length);
  if (Array.isArray(items)) {
    return { items, inherited: itemKind === "" || apiVersion === undefined ? {} : { apiVersion, kind: itemKind } };
  }
  if (itemKind !== "") return undefined;
  if (items !== null) {
    reading.report({
      code: "PL-MANIFEST-INVALID",
      offset,
      message: items === undefined ? "items is missing" : `items is ${typeName(items)}, not a list`,
    });
  }
  return { items: [], inherited: {} };
}
