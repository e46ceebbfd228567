import Type from "typebox";

export const StartQuery = Type.Object({
  next: Type.Optional(Type.String({ maxLength: 2000, description: "the page to come back to" })),
});
