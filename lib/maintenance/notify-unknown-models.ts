import { returnUnmailed, takeUnmailed } from "@/lib/catalog/unknown-models/record";
import type { UnknownModel } from "@/lib/catalog/unknown-models/schema";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { providerName } from "@/lib/providers";

/** Mails the operators which models unknown to the catalog served requests: once for each, whichever instance saw it. */
export async function notifyUnknownModels(): Promise<void> {
  const pairs = await takeUnmailed();
  if (pairs.length === 0) return;
  for (const { servedModel } of pairs) log.warn("catalog.unknown_model", { model: servedModel });
  try {
    await mailOperators(pairs);
  } catch (error) {
    await returnUnmailed(pairs.map(({ _id }) => _id));
    log.error("catalog.unknown_model_mail_failed", { error: errorName(error) });
  }
}

async function mailOperators(pairs: UnknownModel[]): Promise<void> {
  // Loaded only when it is needed: requests are served without a mail client.
  const { emailConfigured, sendEmail } = await import("@/lib/email/send");
  const { message } = await import("@/lib/email/message");
  if (!emailConfigured()) return;
  const [first] = pairs;
  const subject =
    pairs.length === 1
      ? `${first?.servedModel} is not in the catalog`
      : `${pairs.length} served models are not in the catalog`;
  for (const to of env().operatorEmails)
    await sendEmail({
      to,
      subject,
      ...message({
        heading: subject,
        paragraphs: [
          "A provider stated that a model served requests which the catalog does not know. These requests are charged at the price of the model that was asked for.",
          "Compare the provider's price. Add the model or its alias to the catalog if it differs.",
        ],
        facts: pairs.map(({ provider, model, servedModel }) => ({
          name: `${providerName(provider)}: ${model}`,
          value: `served as ${servedModel}`,
        })),
        action: {
          label: "Open the operator's page",
          url: `${env().nextauthUrl}/dashboard/operator`,
        },
        reason: "This email is sent to the addresses in OPERATOR_EMAILS.",
      }),
    });
}
