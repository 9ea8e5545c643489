import type { Page } from "@playwright/test";
import { createCustomer, database, expect, test, type Customer } from "./fixtures";

const projectPage = ({ project }: Pick<Customer, "project">) => `/dashboard/projects/${project}`;

/** The account as the database has it, without what reading a page may change. */
async function readAccount({ accountId }: Customer) {
  return (await database()).collection<{ _id: string }>("accounts").findOne({ _id: accountId });
}

test.describe("another account's project", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  test("is the same 404 as a missing one, over every page", async ({ page, signedIn }) => {
    const theirs = await createCustomer();
    await signedIn();
    const labels: string[] = [];
    for (const id of [theirs.project, "prj_0000000000000000000000"]) {
      for (const path of ["", "/limits", "/keys/new", "/keys/key_0000000000000000000000"]) {
        const response = await page.goto(`/dashboard/projects/${id}${path}`);
        expect(response?.status()).toBe(404);
        labels.push((await page.getByRole("main").innerText()).replaceAll(id, "…"));
      }
    }
    expect(new Set(labels).size).toBe(1);
    expect(labels[0]).toContain("There is nothing at this address");
  });

  for (const [button, question, confirm] of [
    ["Save name", null, "Save name"],
    ["Rotate default", "dialog", "Rotate key"],
    ["Revoke default", "alertdialog", "Revoke key"],
    ["Delete project", "alertdialog", "Delete project"],
    ["Save limits", null, "Save limits"],
  ] as const) {
    test(`is a 404 to ${button}, and nothing changes; fields of ours that a form does not have change nothing`, async ({
      page,
      signedIn,
    }) => {
      const [theirs, ours] = [await createCustomer(), await signedIn()];
      const path = `${projectPage(ours)}${button === "Save limits" ? "/limits" : ""}`;
      const before = [await readAccount(theirs), await readAccount(ours)];
      const theirKey = await (
        await database()
      )
        .collection<{ _id: string }>("keys")
        .findOne({ accountId: theirs.accountId });
      const fields = {
        projectId: theirs.project,
        accountId: theirs.accountId,
        keyId: theirKey?._id ?? "",
      };
      await page.goto(path);
      await forge(page, fields);
      if (button === "Revoke default") {
        await page.getByRole("button", { name: "Actions for default" }).click();
        await page.getByRole("menuitem", { name: "Revoke" }).click();
      } else if (question) await page.getByRole("button", { name: button }).click();
      const root = question ? page.getByRole(question) : page;
      await forge(page, fields);
      const actionResponse = page.waitForResponse(
        (response) => response.request().method() === "POST",
      );
      await root.getByRole("button", { name: confirm }).click();
      expect((await actionResponse).status()).toBe(404);
      expect([await readAccount(theirs), await readAccount(ours)]).toEqual(before);
    });
  }
});

test.describe("another account's project, without scripts", () => {
  test.use({ javaScriptEnabled: false, allowedConsole: [/404 \(Not Found\)/] });

  test("is a 404 to a form that was filled in by hand", async ({ page, signedIn }) => {
    const [theirs, ours] = [await createCustomer(), await signedIn()];
    const before = [await readAccount(theirs), await readAccount(ours)];
    await page.goto(projectPage(ours));
    await forge(page, { projectId: theirs.project, accountId: theirs.accountId }, false);
    const actionResponse = page.waitForResponse(
      (response) => response.request().method() === "POST",
    );
    await page.getByRole("button", { name: "Save name" }).click();
    expect((await actionResponse).status()).toBe(404);
    expect([await readAccount(theirs), await readAccount(ours)]).toEqual(before);
  });
});

test("fields that a form does not have change nothing", async ({ page, signedIn }) => {
  const customer = await signedIn();
  await page.goto(projectPage(customer));
  const before = await readAccount(customer);
  const extra = {
    credits: "1000000000000",
    freeRequests: "999",
    "free.requests": "999",
    accountId: "usr_other",
    keys: "x",
  };
  await forge(page, extra);
  await page.getByLabel("Name").fill("renamed");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("renamed");
  const expectedAccount = structuredClone(before) as { projects?: { name: string }[] } | null;
  for (const project of expectedAccount?.projects ?? []) project.name = "renamed";
  expect(await readAccount(customer)).toEqual(expectedAccount);
});

/** Puts fields into every form of a page, in place of those of the same name, once scripts have taken the forms over. */
async function forge(page: Page, fields: Record<string, string>, scripts = true): Promise<void> {
  if (scripts) {
    await page.waitForFunction(() =>
      [...document.querySelectorAll("form")].every((form) =>
        Object.keys(form).some((name) => name.startsWith("__react")),
      ),
    );
  }
  await page.evaluate((text) => {
    for (const form of document.querySelectorAll("form")) {
      for (const [name, value] of Object.entries(text)) {
        const input =
          form.querySelector<HTMLInputElement>(`input[name="${name}"]`) ??
          document.createElement("input");
        input.type = "hidden";
        input.name = name;
        input.value = value;
        if (!input.isConnected) form.append(input);
      }
    }
  }, fields);
}
