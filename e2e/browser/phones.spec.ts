import { database, expect, test } from "./fixtures";
import { givePast } from "./usage-rows";

const PHONE = { width: 360, height: 800 };

test("a six-digit balance stays within a phone's page", async ({ page, signedIn }) => {
  // With rows, so that the overview shows figures and not the first session.
  await givePast(await signedIn({ credits: "876543.21" }), { count: 10, days: 1 });
  await page.setViewportSize(PHONE);
  for (const path of ["/dashboard", "/dashboard/credits"]) {
    await page.goto(path);
    const edges = await page
      .locator("main dl")
      .first()
      .locator("dd > span")
      .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().right));
    expect(edges.length, path).toBeGreaterThan(2);
    expect(Math.max(...edges), path).toBeLessThanOrEqual(PHONE.width - 16);
  }
});

test("an empty state stands clear of its frame on a phone", async ({ page, signedIn }) => {
  const { email } = await signedIn();
  await page.setViewportSize(PHONE);
  const check = async (path: string, title: RegExp) => {
    await page.goto(path);
    const heading = page.getByRole("heading", { name: title });
    const frame = page.locator("div.border", { has: heading }).last();
    const [inner, outer] = [await heading.boundingBox(), await frame.boundingBox()];
    expect((inner?.x ?? 0) - (outer?.x ?? 0), path).toBeGreaterThanOrEqual(16);
  };
  await check("/dashboard/usage", /^No requests yet$/);
  await (
    await database()
  )
    .collection("accounts")
    .updateOne({ email }, { $set: { projects: [], keys: [] } });
  await check("/dashboard/projects", /^No projects$/);
});

test("a key's preview stays on one line next to a long name", async ({ page, signedIn }) => {
  const { email } = await signedIn();
  await (
    await database()
  )
    .collection("accounts")
    .updateOne({ email }, { $set: { "projects.0.name": "W".repeat(60) } });
  for (const width of [1440, PHONE.width]) {
    await page.setViewportSize({ ...PHONE, width });
    await page.goto("/dashboard/projects");
    const box = await page.getByText(/^sk-onekey-/).boundingBox();
    expect(box?.height, String(width)).toBeLessThan(30);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(sideways, String(width)).toBeLessThanOrEqual(0);
  }
});

test("the last place of the dashboard's row stands clear of a phone's edge", async ({
  page,
  signedIn,
}) => {
  await signedIn();
  await page.setViewportSize(PHONE);
  await page.goto("/dashboard/settings");
  const place = page
    .getByRole("navigation", { name: "Dashboard" })
    .getByRole("link", { name: "Settings" });
  await expect
    .poll(async () => {
      const box = await place.boundingBox();
      return Math.round((box?.x ?? 0) + (box?.width ?? 0));
    })
    .toBeLessThanOrEqual(PHONE.width - 16);
});
