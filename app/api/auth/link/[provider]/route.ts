import type { NextRequest } from "next/server";
import { startLinking } from "@/lib/auth/linking";

type ProviderContext = RouteContext<"/api/auth/link/[provider]">;
export const POST = async (request: NextRequest, { params }: ProviderContext) =>
  startLinking(request, (await params).provider);
