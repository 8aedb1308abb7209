import { type Static, Type } from "typebox";

const Text = Type.String({ maxLength: 2048 });
const Many = { maxItems: 100_000 };
const Names = { maxItems: 10_000 };
/** How new an answer about a repository must be. */
const newness = { withinMs: Type.Optional(Type.Number({ minimum: 0 })), after: Type.Optional(Type.Number()) };

/** What one replica asks another; the answer is JSON, under `answer`. */
export const QuestionSchema = Type.Union([
  Type.Object({ ask: Type.Literal("lack"), name: Text }),
  Type.Object({
    ask: Type.Literal("heldBack"),
    names: Type.Array(Text, Many),
    cluster: Text,
    keys: Type.Array(Text, Many),
  }),
  Type.Object({
    ask: Type.Literal("letGo"),
    name: Text,
    cluster: Text,
    owners: Type.Array(Type.Tuple([Text, Text]), Many),
  }),
  Type.Object({
    ask: Type.Literal("refs"),
    repo: Text,
    prefixes: Type.Array(Text, Names),
    tag: Type.Optional(Type.Number()),
    ...newness,
  }),
  Type.Object({
    ask: Type.Literal("versions"),
    repo: Text,
    chart: Text,
    ranges: Type.Array(Text, Names),
    ...newness,
  }),
  Type.Object({ ask: Type.Literal("moved"), repo: Text, chart: Type.Optional(Text) }),
]);
export type Question = Static<typeof QuestionSchema>;
