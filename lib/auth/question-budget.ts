import type { Account } from "@/lib/accounts/schema";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { formatCount } from "@/lib/format";
import { QUESTIONS_AN_HOUR } from "@/lib/assistant/schema";
import { countAttempt } from "@/lib/sessions/attempts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Counts a question against its account's budgets: questions of the hour and the day, and bytes of the day. `bytes` is the size
 * of the conversation that is sent. An account without credits, purchase or grant has a small allowance. Throws `rate_limited` with Retry-After.
 */
export async function spendQuestion({
  account,
  bytes,
}: {
  account: Account;
  bytes: number;
}): Promise<void> {
  const { questions, questionBytes, isFree } = budgetOf(account);
  const by = account._id;
  const hourAttempt = await countAttempt({
    what: "assistant",
    by,
    max: QUESTIONS_AN_HOUR,
    windowMs: HOUR_MS,
  });
  if (!hourAttempt.allowed)
    throw refusal({
      until: hourAttempt.until,
      text: `The assistant answers ${QUESTIONS_AN_HOUR} questions an hour.`,
    });
  const dayWindow = { by, windowMs: DAY_MS };
  const bytesAttempt = await countAttempt({
    what: "assistant bytes",
    max: questionBytes,
    amount: bytes,
    ...dayWindow,
  });
  if (!bytesAttempt.allowed)
    throw refusal({
      until: bytesAttempt.until,
      text: `Your conversations with the assistant have reached their ${formatCount(Math.floor(questionBytes / 1024))} KiB for today. Each question sends the conversation so far: a new conversation may still fit.`,
    });
  const questionAttempt = await countAttempt({
    what: "assistant questions",
    max: questions,
    ...dayWindow,
  });
  if (!questionAttempt.allowed)
    throw refusal({
      until: questionAttempt.until,
      text: isFree
        ? `The assistant answers ${formatCount(questions)} questions a day before the first purchase, and more once you have credits.`
        : `The assistant answers ${formatCount(questions)} questions a day.`,
    });
}

function budgetOf({ credits, posted: ledgerSum }: Account) {
  const { questionsPerDay, bytesPerDay, freeQuestionsPerDay } = env().assistant;
  if (credits > 0 || ledgerSum > 0)
    return { questions: questionsPerDay, questionBytes: bytesPerDay, isFree: false };
  const questions = Math.min(freeQuestionsPerDay, questionsPerDay);
  const share = questionsPerDay === 0 ? 0 : questions / questionsPerDay;
  return { questions, questionBytes: Math.floor(bytesPerDay * share), isFree: true };
}

function refusal({ until, text }: { until: Date; text: string }): AppError {
  const waitMs = Math.max(0, until.getTime() - now());
  const minutes = Math.ceil(waitMs / 60_000);
  const wait = minutes > 90 ? `${Math.ceil(minutes / 60)} h` : `${minutes} min`;
  return new AppError("rate_limited", `${text} Ask again in ${wait}.`, {
    headers: { "retry-after": String(Math.ceil(waitMs / 1_000)) },
  });
}
