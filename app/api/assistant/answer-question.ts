import { converse } from "@/lib/assistant/converse";
import { AssistantConversation, QUESTION_BYTES_MAX } from "@/lib/assistant/schema";
import { assistantSettings } from "@/lib/assistant/settings";
import { isSameOrigin } from "@/lib/auth/origin";
import { requestMember } from "@/lib/auth/member";
import { AppError } from "@/lib/errors";
import { spendQuestion } from "@/lib/auth/question-budget";

/** Answers one question from our pages: checks origin, account and budget, then streams the response as JSON lines. */
export async function answerQuestion(request: Request): Promise<Response> {
  try {
    if (!isSameOrigin(request))
      throw new AppError("forbidden", "Questions are accepted only from OneKey’s own pages.");
    const { account } = await requestMember(request, "usage:view");
    if (!assistantSettings())
      throw new AppError("unavailable", "The assistant is not set up on this server.");
    const { conversation, bytes } = await read(request);
    await spendQuestion({ account, bytes });
    const leaving = new AbortController();
    request.signal.addEventListener("abort", () => leaving.abort());
    const events = converse({ account, conversation, signal: leaving.signal });
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done: isDone, value } = await events.next();
        if (isDone) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      },
      cancel: () => leaving.abort(),
    });
    const headers = {
      "content-type": "application/x-ndjson",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    };
    return new Response(body, { headers });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Response.json(
      { message: error.message },
      { status: error.status, headers: { ...error.headers, "cache-control": "no-store" } },
    );
  }
}

async function read(
  request: Request,
): Promise<{ conversation: AssistantConversation; bytes: number }> {
  const tooLong = () =>
    new AppError("too_large", "The conversation is too long. Shorten the question or start over.");
  if (Number(request.headers.get("content-length") ?? 0) > QUESTION_BYTES_MAX) throw tooLong();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > QUESTION_BYTES_MAX) throw tooLong();
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    throw new AppError("bad_request", "The request body is not valid JSON.", { cause: error });
  }
  const parseResult = AssistantConversation.safeParse(value);
  if (!parseResult.success)
    throw new AppError(
      "bad_request",
      "A question is limited to 20,000 characters and a conversation to 40 turns.",
    );
  return { conversation: parseResult.data, bytes };
}
