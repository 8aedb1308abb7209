import { type Static, Type } from "typebox";

const Text = Type.String({ maxLength: 2048 });
const Many = { maxItems: 100_000 };

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
    ask: Type.Literal("delivered"),
    urls: Type.Array(Text, Many),
    ref: Type.Optional(Text),
    revision: Type.Optional(Text),
  }),
]);
export type Question = Static<typeof QuestionSchema>;
