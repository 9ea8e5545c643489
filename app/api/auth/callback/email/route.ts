export { finishLink as POST } from "@/lib/auth/link";
