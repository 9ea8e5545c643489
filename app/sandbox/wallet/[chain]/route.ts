import { askSandboxWallet } from "../../sandbox-wallet";

export async function POST(
  request: Request,
  { params }: { params: Promise<{ chain: string }> },
): Promise<Response> {
  return askSandboxWallet(request, (await params).chain);
}
