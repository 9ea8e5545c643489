import { handleSecretScanning } from "@/lib/auth/secret-scanning";

export const dynamic = "force-dynamic";
export const POST = handleSecretScanning;
