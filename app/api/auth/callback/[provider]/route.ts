import type { NextRequest } from "next/server";
import { finishOAuth } from "@/lib/auth/oauth";

type Context = RouteContext<"/api/auth/callback/[provider]">;
export const GET = async (request: NextRequest, { params }: Context) =>
  finishOAuth(request, (await params).provider);
