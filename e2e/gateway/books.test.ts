import { expect, test } from "vitest";
import { explore, SCENES } from "../model/books.mjs";

test.each(SCENES)("the books hold in every interleaving: $name", ({ reveals, name, ...scene }) => {
  const { fault, path, states } = explore(scene);
  console.log(`${name}: ${states} states`);
  expect({ fault, path }).toEqual({ fault: null, path: [] });
  for (const guard of reveals)
    expect(explore({ ...scene, without: [guard] }).fault, `without ${guard}`).not.toBeNull();
});
