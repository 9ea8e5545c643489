import { eventJsonSchemas } from "@/lib/webhooks/event-schemas";

export const dynamic = "force-static";

export const GET = (): Response => Response.json(eventJsonSchemas());
