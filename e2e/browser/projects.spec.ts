import type { Page } from "@playwright/test";
import OpenAI from "openai";
import {
  checkEverywhere,
  checkPage,
  customer,
  database,
  expect,
  signIn,
  stage,
  test,
  type Customer,
} from "./stage";

const hello = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hello" }] };
const client = (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `${stage.origin}/v1`, maxRetries: 0 });
const projectPage = ({ project }: Pick<Customer, "project">) => `/dashboard/projects/${project}`;

/** The account as the database has it, without what reading a page may change. */
async function stored({ accountId }: Customer) {
  return (await database()).collection<{ _id: string }>("accounts").findOne({ _id: accountId });
}

/** Opens the question of the only key's rotation and chooses how long the old secret works. */
async function rotate(page: Page, overlap: string): Promise<void> {
  await page.getByRole("button", { name: "Rotate default" }).click();
  const question = page.getByRole("dialog");
  await question.getByLabel(overlap).check();
  await question.getByRole("button", { name: /^Rotate/ }).click();
}

async function shownKey(page: Page): Promise<string> {
  const key = await page.getByRole("alertdialog").getByLabel("API key").textContent();
  expect(key).toMatch(/^sk-onekey-\w{49}$/);
  return key ?? "";
}

test("a first project: its key is shown once, copied, and works with the official client", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.origin });
  const made = await customer();
  await signIn(page, made);
  await page.goto("/dashboard/projects");
  await page.getByRole("link", { name: "New project" }).click();
  await page.getByLabel("Name").fill("support-bot");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("support-bot");
  await expect(page).toHaveURL(/\/dashboard\/projects\/prj_\w+$/);

  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("alertdialog");
  const done = dialog.getByRole("button", { name: "Done" });
  await expect(done).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  const key = await shownKey(page);
  await checkPage(page, "the key, shown");
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await dialog.getByRole("button", { name: "Copy lines for a shell" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `export OPENAI_BASE_URL="${stage.origin}/v1"\nexport OPENAI_API_KEY="${key}"`,
  );
  await done.click();
  await expect(dialog).toBeHidden();

  await page.reload();
  expect(await page.content()).not.toContain(key);
  expect(JSON.stringify(await stored(made))).not.toContain(key);
  await expect(
    page.getByText(`${key.slice(0, 14)}…${key.slice(-4)}`, { exact: true }),
  ).toBeVisible();
  await expect(page.getByText("Never")).toBeVisible();

  const answer = await client(key).chat.completions.create(hello);
  expect(answer.choices[0]?.message.content).toBeTruthy();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Never")).toBeHidden({ timeout: 500 });
  }).toPass();
  await page.getByRole("link", { name: "Usage", exact: true }).last().click();
  await expect(page.getByRole("table").getByText("gpt-4o-mini").first()).toBeVisible();
});

test("a key is copied where the browser offers no clipboard to pages on plain http", async ({
  page,
  context,
  signedIn,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.origin });
  const made = await signedIn();
  await page.goto(projectPage(made));
  await page.evaluate(() => {
    Object.defineProperty(navigator.clipboard, "writeText", { value: undefined });
  });
  await rotate(page, "Immediately");
  const key = await shownKey(page);
  await page.getByRole("alertdialog").getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByRole("alertdialog").getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
});

test("rotate and revoke name their consequence and hold immediately", async ({
  page,
  signedIn,
}) => {
  const made = await signedIn();
  await client(made.key).chat.completions.create(hello);
  await page.goto(projectPage(made));
  await page.getByRole("button", { name: "Rotate default" }).click();
  const choice = page.getByRole("dialog");
  await expect(choice).toContainText("1 request used it in the last hour");
  await expect(choice.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkPage(page, "the choice");
  await page.keyboard.press("Escape");
  await expect(choice).toBeHidden();
  await client(made.key).chat.completions.create(hello);

  await rotate(page, "Immediately");
  const key = await shownKey(page);
  await expect(client(made.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 401,
  });
  await client(key).chat.completions.create(hello);
  await expect(page.getByRole("alertdialog")).toContainText("no longer works");
  await page.getByRole("alertdialog").getByLabel("I have stored the key somewhere safe").check();
  await page.getByRole("alertdialog").getByRole("button", { name: "Done" }).click();

  await page.getByRole("button", { name: "Revoke default" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("are refused from the moment you press Revoke");
  await question.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("button", { name: "Create key" })).toBeVisible();
  await expect(client(key).chat.completions.create(hello)).rejects.toMatchObject({ status: 401 });
});

test("a rotation with overlap: both secrets work until the overlap is ended", async ({
  page,
  signedIn,
}) => {
  const made = await signedIn();
  await page.goto(projectPage(made));
  await rotate(page, "24 hours");
  const key = await shownKey(page);
  for (const each of [made.key, key]) await client(each).chat.completions.create(hello);
  await page.getByRole("alertdialog").getByLabel("I have stored the key somewhere safe").check();
  await page.getByRole("alertdialog").getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(/The old key works for/)).toBeVisible();
  await checkEverywhere(page, projectPage(made));
  await page.getByRole("button", { name: "End overlap now" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End overlap" }).click();
  await expect(page.getByText(/The old key works for/)).toBeHidden();
  await expect(client(made.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 401,
  });
  await client(key).chat.completions.create(hello);
});

test("a second key has a name, a model list and an expiry, and errors keep what was typed", async ({
  page,
  signedIn,
}) => {
  const made = await signedIn();
  await page.goto(projectPage(made));
  await page.getByRole("link", { name: "Create key" }).click();
  await page.getByLabel("Name").fill("default");
  await page.getByLabel("Expires").selectOption("30");
  await page.getByText("OpenAI", { exact: true }).click();
  await page.getByRole("checkbox", { name: "gpt-4o-mini", exact: false }).first().check();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByText('The project has a key named "default".')).toBeVisible();
  await page.getByLabel("Name").fill("ci-smoke");
  await page.getByRole("button", { name: "Create key" }).click();
  const key = await shownKey(page);
  await client(key).chat.completions.create(hello);
  await expect(
    client(key).chat.completions.create({ ...hello, model: "gpt-4o" }),
  ).rejects.toMatchObject({ status: 403 });
  await client(made.key).chat.completions.create({ ...hello, model: "gpt-4o" });
  await page.getByRole("alertdialog").getByLabel("I have stored the key somewhere safe").check();
  await page.getByRole("alertdialog").getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("link", { name: "ci-smoke" })).toBeVisible();
  await page.getByRole("link", { name: "ci-smoke" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ci-smoke");
  await checkEverywhere(page, page.url());
});

test("a key that another window changed meanwhile is not rotated unseen", async ({
  page,
  signedIn,
}) => {
  const made = await signedIn();
  await page.goto(projectPage(made));
  await (
    await database()
  )
    .collection("keys")
    .updateOne(
      { accountId: made.accountId },
      { $set: { "secrets.0.preview": "sk-onekey-AbCd…wxyz" } },
    );
  await rotate(page, "Immediately");
  await expect(page.getByRole("dialog")).toContainText("changed meanwhile");
  await client(made.key).chat.completions.create(hello);
});

test("a name: markup is inert, too long is said and kept, and a new one is saved", async ({
  page,
  signedIn,
}) => {
  const made = await signedIn();
  await page.goto(projectPage(made));
  const name = page.getByLabel("Name");
  await name.fill("x".repeat(61));
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("A name has at most 60 characters.")).toBeVisible();
  await expect(name).toHaveValue("x".repeat(61));
  const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  await name.fill(markup);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(markup);
  await expect(page.locator("img")).toHaveCount(0);
  await page.goto("/dashboard/projects");
  await page.getByRole("link", { name: markup }).click();
  await expect(page).toHaveTitle(`${markup} · OneKey`);
  await name.fill("W".repeat(60));
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("W".repeat(60));
  await checkEverywhere(page, projectPage(made));
  await checkEverywhere(page, "/dashboard/projects");
});

test("a project is deleted with its consequence named, and the last one leaves a page that says what to do", async ({
  page,
  signedIn,
}) => {
  const made = await signedIn();
  await page.goto(projectPage(made));
  await page.getByRole("button", { name: "Delete project" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText(
    "Its key is refused from the moment you press Delete project",
  );
  await question.getByRole("button", { name: "Delete project" }).click();
  await expect(page).toHaveURL(`${stage.origin}/dashboard/projects`);
  await expect(page.getByRole("heading", { name: "No projects" })).toBeVisible();
  await expect(client(made.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 401,
  });
  await checkEverywhere(page, "/dashboard/projects");
});

test("the pages read at every width in both themes", async ({ page, signedIn }) => {
  const made = await signedIn({ credits: "20" });
  for (const url of ["/dashboard/projects", "/dashboard/projects/new", projectPage(made)])
    await checkEverywhere(page, url);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a project is made, its key shown once, and revoked", async ({ page, signedIn }) => {
    await signedIn();
    await page.goto("/dashboard/projects/new");
    await page.getByLabel("Name").fill("   ");
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByText("Give the project a name.")).toBeVisible();
    await page.getByLabel("Name").fill("no scripts");
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("no scripts");
    await page.getByRole("button", { name: "Create key" }).click();
    const key =
      /sk-onekey-\w{49}/.exec(await page.getByText("It is shown once:").innerText())?.[0] ?? "";
    await client(key).chat.completions.create(hello);
    await page.goto(page.url());
    expect(await page.content()).not.toContain(key);
    await page.locator("summary", { hasText: "Revoke" }).click();
    await expect(
      page.getByText("are refused from the moment you press Revoke").first(),
    ).toBeVisible();
    await page.locator("details").getByRole("button", { name: "Revoke key" }).click();
    await expect(page.getByRole("button", { name: "Create key" })).toBeVisible();
    await expect(client(key).chat.completions.create(hello)).rejects.toMatchObject({ status: 401 });
  });
});

test.describe("another account's project", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  test("is the same 404 as a missing one, over every page", async ({ page, signedIn }) => {
    const theirs = await customer();
    await signedIn();
    const shown: string[] = [];
    for (const id of [theirs.project, "prj_0000000000000000000000"]) {
      for (const path of ["", "/limits", "/keys/new", "/keys/key_0000000000000000000000"]) {
        const answer = await page.goto(`/dashboard/projects/${id}${path}`);
        expect(answer?.status()).toBe(404);
        shown.push((await page.getByRole("main").innerText()).replaceAll(id, "…"));
      }
    }
    expect(new Set(shown).size).toBe(1);
    expect(shown[0]).toContain("There is nothing at this address");
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
      const [theirs, ours] = [await customer(), await signedIn()];
      const path = `${projectPage(ours)}${button === "Save limits" ? "/limits" : ""}`;
      const before = [await stored(theirs), await stored(ours)];
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
      if (question) await page.getByRole("button", { name: button }).click();
      const root = question ? page.getByRole(question) : page;
      await forge(page, fields);
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await root.getByRole("button", { name: confirm }).click();
      expect((await answered).status()).toBe(404);
      expect([await stored(theirs), await stored(ours)]).toEqual(before);
    });
  }
});

test.describe("another account's project, without scripts", () => {
  test.use({ javaScriptEnabled: false, allowedConsole: [/404 \(Not Found\)/] });

  test("is a 404 to a form that was filled in by hand", async ({ page, signedIn }) => {
    const [theirs, ours] = [await customer(), await signedIn()];
    const before = [await stored(theirs), await stored(ours)];
    await page.goto(projectPage(ours));
    await forge(page, { projectId: theirs.project, accountId: theirs.accountId }, false);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Save name" }).click();
    expect((await answered).status()).toBe(404);
    expect([await stored(theirs), await stored(ours)]).toEqual(before);
  });
});

test("fields that a form does not have change nothing", async ({ page, signedIn }) => {
  const made = await signedIn();
  await page.goto(projectPage(made));
  const before = await stored(made);
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
  const expected = structuredClone(before) as { projects?: { name: string }[] } | null;
  for (const project of expected?.projects ?? []) project.name = "renamed";
  expect(await stored(made)).toEqual(expected);
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
  await page.evaluate((given) => {
    for (const form of document.querySelectorAll("form")) {
      for (const [name, value] of Object.entries(given)) {
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
