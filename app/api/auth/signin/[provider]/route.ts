import type { NextRequest } from "next/server";
import { startOAuth } from "@/lib/auth/oauth";

type ProviderContext = RouteContext<"/api/auth/signin/[provider]">;
export const POST = async (request: NextRequest, { params }: ProviderContext) =>
  startOAuth(request, (await params).provider);
