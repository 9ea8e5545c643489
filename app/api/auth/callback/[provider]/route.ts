import type { NextRequest } from "next/server";
import { finishOAuth } from "@/lib/auth/oauth";

type ProviderContext = RouteContext<"/api/auth/callback/[provider]">;
export const GET = async (request: NextRequest, { params }: ProviderContext) =>
  finishOAuth(request, (await params).provider);
