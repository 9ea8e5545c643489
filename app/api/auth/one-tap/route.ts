export { signInByOneTap as POST } from "@/lib/auth/one-tap";
