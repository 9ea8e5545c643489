import { Section } from "@/components/dashboard/section";
import { CodeTabs } from "@/components/ui/code-tabs";
import { ColoredCode } from "@/components/ui/colored-code";
import { Link } from "@/components/ui/link";

const TYPESCRIPT = `import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.ONEKEY_WEBHOOK_SECRET);
const event = webhook.verify(await request.text(), Object.fromEntries(request.headers));`;
const PYTHON = `from standardwebhooks import Webhook

webhook = Webhook(os.environ["ONEKEY_WEBHOOK_SECRET"])
event = webhook.verify(raw_body, headers)`;

/** How a receiver checks that an event is from OneKey. */
export function CheckSignature() {
  const snippets = [
    { id: "typescript", name: "TypeScript", copy: TYPESCRIPT },
    { id: "python", name: "Python", copy: PYTHON },
  ].map((snippet) => ({ ...snippet, body: <ColoredCode text={snippet.copy} /> }));
  return (
    <Section
      title="Check the signature"
      action={
        <span className="text-sm text-muted">
          Standard Webhooks: any of its libraries works.{" "}
          <Link href="/docs/webhooks" className="link">
            Events and examples
          </Link>
        </span>
      }
    >
      <CodeTabs label="Language" snippets={snippets} />
    </Section>
  );
}
