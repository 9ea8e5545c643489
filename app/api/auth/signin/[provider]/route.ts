import type { NextRequest } from "next/server";
import { startOAuth } from "@/lib/auth/oauth";

type Context = RouteContext<"/api/auth/signin/[provider]">;
export const POST = async (request: NextRequest, { params }: Context) =>
  startOAuth(request, (await params).provider);
