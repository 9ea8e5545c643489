import { expect, test } from "vitest";
import { explore, SCENES } from "../model/books.mjs";
import { exploreLimits, LIMIT_SCENES } from "../model/limits.mjs";

test.each(SCENES)("the books hold in every interleaving: $name", ({ reveals, name, ...scene }) => {
  const { fault, path, states } = explore(scene);
  console.log(`${name}: ${states} states`);
  expect({ fault, path }).toEqual({ fault: null, path: [] });
  for (const guard of reveals)
    expect(explore({ ...scene, without: [guard] }).fault, `without ${guard}`).not.toBeNull();
});

test.each(LIMIT_SCENES)(
  "no limit is exceeded in any interleaving: $name",
  ({ reveals, name, ...scene }) => {
    const { fault, path, states } = exploreLimits(scene);
    console.log(`${name}: ${states} states`);
    expect({ fault, path }).toEqual({ fault: null, path: [] });
    for (const guard of reveals)
      expect(
        exploreLimits({ ...scene, without: [guard] }).fault,
        `without ${guard}`,
      ).not.toBeNull();
  },
);
