import { streamArrivals } from "./stream-arrivals";

export const dynamic = "force-dynamic";
export const GET = streamArrivals;
