interface ConsentRequest {
  /** Whose page this stands in for. */
  name: string;
  /** Where the choice is sent, with the fields of the request that brought the visitor here. */
  action: string;
  fields: URLSearchParams;
}

/** What a tester chose on the page; null before that. */
export type TestPerson = { email: string; verified: boolean };

const DEMO_EMAIL = "demo@onekey.local";

export function chosenPerson(query: URLSearchParams): TestPerson | null {
  const email = query.get("mock_email")?.trim();
  return email ? { email, verified: query.get("mock_verified") === "on" } : null;
}

/** The address to go back to when the tester declines. */
function declined(fields: URLSearchParams): string {
  const url = new URL(fields.get("redirect_uri") ?? "about:blank");
  url.searchParams.set("error", "access_denied");
  url.searchParams.set("state", fields.get("state") ?? "");
  return url.href;
}

/** The page where a tester says as whom to sign in; the real one has the person's own account instead. */
export function consentPage({ name, action, fields }: ConsentRequest): string {
  const hiddenFields = [...fields].map(
    ([key, value]) => `<input type="hidden" name="${escape(key)}" value="${escape(value)}">`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mock ${name}</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { display: grid; min-height: 100vh; place-content: center; margin: 0; padding: 24px; box-sizing: border-box; }
  form { display: grid; gap: 16px; max-width: 360px; }
  h1 { font-size: 24px; margin: 0; }
  p { margin: 0; }
  label { display: grid; gap: 4px; }
  label.check { display: flex; gap: 8px; align-items: center; }
  input[type="email"], button { font: inherit; padding: 10px 12px; }
</style>
<main>
  <form action="${escape(action)}">
    <h1>Mock ${name}</h1>
    <p>The sandbox signs nobody in at ${name}. Choose who you are; OneKey sees it as ${name} would say it.</p>
    ${hiddenFields.join("\n    ")}
    <label>Email <input type="email" name="mock_email" value="${DEMO_EMAIL}" required></label>
    <label class="check"><input type="checkbox" name="mock_verified" checked> The email is verified</label>
    <button>Continue to OneKey</button>
    <p><a href="${escape(declined(fields))}">Cancel</a></p>
  </form>
</main>
</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
