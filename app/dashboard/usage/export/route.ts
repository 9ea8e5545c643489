import { notFound } from "next/navigation";
import { z } from "zod";
import { download } from "@/lib/http/download";
import { AppError } from "@/lib/errors";
import { csvRows, jsonRows } from "@/lib/usage/export";
import { periodOf } from "@/lib/usage/period";
import { eachRow } from "@/lib/usage/rows";
import { EndedBy } from "@/lib/usage/schema";
import { auditedByPerson } from "../../audited";
import { serveDownload } from "../../serve-download";
import { isOwnProject, projectNames } from "../projects";
import { UsageSearch } from "../search";

const Format = z.enum(["csv", "json"]);
const day = (at: Date) => at.toISOString().slice(0, 10);

/** The rows that match the page's filters, as a file. An invalid filter is an error, not ignored. */
export const GET = (request: Request): Promise<Response> =>
  serveDownload({ permission: "usage:view", page: "/dashboard/usage" }, async (member) => {
    const { account } = member;
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const search = UsageSearch.parse(query);
    const { project: projectId, model, ended: endedBy, range, from, to } = search;
    const { provider, endpoint, key: keyId } = search;
    const format = Format.safeParse(query.format);
    if (!format.success) throw wrong("format", "Choose the format csv or json.");
    if (query.range !== undefined && query.range !== range)
      throw wrong("range", "A range is 1, 3, 7, 30 or 90 days, hour, or custom with from and to.");
    if (query.ended && !endedBy)
      throw wrong("ended", `How a request ended is one of: ${EndedBy.options.join(", ")}.`);
    const hasCustomDays = query.from !== undefined || query.to !== undefined;
    const period = periodOf({ range: hasCustomDays ? "custom" : range, from, to });
    if (projectId !== undefined && !(await isOwnProject(account, projectId))) notFound();
    await auditedByPerson(member, "usage.exported", async (note) =>
      note({ target: { id: "usage", name: `${day(period.from)} to ${day(period.to)}` } }),
    );
    const rows = eachRow({
      accountId: account._id,
      ...period,
      projectId,
      model,
      endedBy,
      provider,
      endpoint,
      keyId,
    });
    const projectName = projectNames(account);
    const csv = format.data === "csv";
    return download({
      pieces: csv ? csvRows({ rows, projectName }) : jsonRows({ rows, projectName }),
      type: csv ? "text/csv" : "application/json",
      name: `onekey-usage-${day(period.from)}-to-${day(period.to)}.${format.data}`,
    });
  });

const wrong = (param: string, message: string) => new AppError("bad_request", message, { param });
