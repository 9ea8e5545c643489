import { z } from "zod";
import type { Arrival } from "@/components/dashboard/arrival";
import { findMember, requestMember } from "@/lib/auth/member";
import { currentSession } from "@/lib/auth/session";
import { now } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { teamIdOf } from "@/lib/accounts/schema";
import { hasSession } from "@/lib/sessions/queries";
import { listArrivals } from "@/lib/usage/arrivals";
import { isError, type UsageRow } from "@/lib/usage/schema";

const LOOK_MS = 2_000;
/** A comment keeps proxies from closing a stream that says nothing. */
const COMMENT_MS = 15_000;
/** The browser reconnects after this, so that a forgotten tab does not hold a connection for days. */
const STREAM_MS = 300_000;
/** The oldest instant that a page may wait from. */
const AGE_MS = 86_400_000;
const STREAMS_MAX = 64;
const STREAMS_PER_ACCOUNT = 4;

const Query = z.object({
  since: z.coerce.number().int(),
  project: z.string().max(64).optional(),
  key: z.string().max(64).optional(),
});

/** How many streams are open in this process, by account. */
const open = new Map<string, number>();

/**
 * Server-sent events: one `row` for each request of an account of the signed-in person since `since` (epoch milliseconds), until one
 * succeeded. A row is looked for every two seconds. 401 when signed out, 429 over four streams, 503 when all are taken.
 */
export async function streamArrivals(request: Request): Promise<Response> {
  try {
    return await openStream(request);
  } catch (error) {
    if (error instanceof AppError) return refuse(error);
    throw error;
  }
}

async function openStream(request: Request): Promise<Response> {
  const session = await currentSession();
  const { account, user } = await requestMember(request, "usage:view");
  const sessionId = session?.sessionId ?? "";
  const teamId = teamIdOf(account);
  const query = Query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!query.success)
    return refuse(new AppError("bad_request", "since is a time in milliseconds."));
  const accountId = account._id;
  const total = [...open.values()].reduce((sum, count) => sum + count, 0);
  if ((open.get(accountId) ?? 0) >= STREAMS_PER_ACCOUNT)
    return refuse(new AppError("rate_limited", "Too many pages of this account wait for rows."));
  if (total >= STREAMS_MAX)
    return refuse(new AppError("unavailable", "Too many pages wait for rows. Reload in a moment."));
  const since = new Date(Math.max(query.data.since, now() - AGE_MS));
  return new Response(
    arrivalStream({
      accountId,
      isReader: async () =>
        (await hasSession(sessionId)) && (await findMember({ user, teamId })) !== null,
      projectId: query.data.project,
      keyId: query.data.key,
      since,
      signal: request.signal,
    }),
    {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    },
  );
}

interface ArrivalWatch {
  accountId: string;
  /** Whether who opened the stream is still signed in and a member. */
  isReader: () => Promise<boolean>;
  projectId: string | undefined;
  keyId: string | undefined;
  since: Date;
  signal: AbortSignal;
}

function arrivalStream({ isReader, signal, ...scope }: ArrivalWatch) {
  const { accountId } = scope;
  const encoder = new TextEncoder();
  const sentIds = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    const count = (open.get(accountId) ?? 1) - 1;
    if (count > 0) open.set(accountId, count);
    else open.delete(accountId);
  };
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      open.set(accountId, (open.get(accountId) ?? 0) + 1);
      const startedAt = performance.now();
      let saidAt = startedAt;
      const say = (text: string) => {
        saidAt = performance.now();
        controller.enqueue(encoder.encode(text));
      };
      const end = () => {
        if (!isOpen) return;
        close();
        controller.close();
      };
      signal.addEventListener("abort", end);
      const look = async () => {
        const rows = await listArrivals(scope);
        const news = rows.filter(({ _id }) => !sentIds.has(_id));
        // Who was signed out or removed meanwhile reads nothing more.
        if (!isOpen || (news.length > 0 && !(await isReader()))) return end();
        for (const row of news) {
          sentIds.add(row._id);
          say(`event: row\ndata: ${JSON.stringify(arrivalOf(row))}\n\n`);
        }
        const isDone = news.some((row) => !isError(row.endedBy));
        if (isDone || performance.now() - startedAt > STREAM_MS) return end();
        if (performance.now() - saidAt > COMMENT_MS) say(": waiting\n\n");
        timer = setTimeout(lookAgain, LOOK_MS);
      };
      const lookAgain = () =>
        void look().catch((error: unknown) => {
          log.error("arrivals.failed", { error: errorName(error) });
          end();
        });
      say("retry: 2000\n\n");
      lookAgain();
    },
    cancel: close,
  });
}

const arrivalOf = (row: UsageRow): Arrival => ({
  id: row._id,
  model: row.model,
  cost: row.cost,
  free: row.free,
  failed: isError(row.endedBy),
  status: row.status,
});

const refuse = (error: AppError) =>
  Response.json(
    { message: error.message },
    { status: error.status, headers: { "cache-control": "no-store" } },
  );
