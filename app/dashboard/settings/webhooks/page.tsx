import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { EndpointForm } from "@/components/dashboard/endpoint-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { Button, buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link, SearchForm } from "@/components/ui/link";
import { NativeSelect } from "@/components/ui/native-select";
import { requireMember } from "@/lib/auth/member";
import * as clock from "@/lib/clock";
import { isAllowed } from "@/lib/teams/permissions";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { DELIVERY_DAYS } from "@/lib/webhook-deliveries/schema";
import { listEndpoints } from "@/lib/webhook-endpoints/queries";
import {
  ENDPOINTS_MAX,
  WebhookEventType,
  type WebhookEndpoint,
} from "@/lib/webhook-endpoints/schema";
import { SettingsTabs } from "../tabs";
import { addEndpointAction } from "./actions";
import { CheckSignature } from "./check-signature";
import { DeliveryTable } from "./delivery-table";
import { EndpointPanel } from "./endpoint-panel";
import { loadFigures } from "./figures";
import { addressOf, PAGE, WebhookSearch } from "./search";
import { EVENT_GROUPS } from "./words";

export const metadata: Metadata = { title: "Webhooks" };

const PAGE_DELIVERIES = 25;
/** What a role that sees no payments does not see of deliveries either. */
const PAYMENT_EVENTS = WebhookEventType.options.filter((type) => type.startsWith("payment."));

export default async function WebhooksPage({
  searchParams,
}: PageProps<"/dashboard/settings/webhooks">) {
  const { account, role } = await requireMember("integrations:view", PAGE);
  const canManage = isAllowed(role, "integrations:manage");
  const search = WebhookSearch.parse(await searchParams);
  const endpoints = await listEndpoints(account._id);
  const hasEndpoints = endpoints.length > 0;
  // In one place whether there are endpoints or not: a form that moves loses the secret that it is to show.
  const form = canManage ? (
    <EndpointForm
      action={addEndpointAction}
      groups={EVENT_GROUPS}
      variant="primary"
      label={
        <>
          <Plus aria-hidden="true" />
          Add endpoint
        </>
      }
    />
  ) : undefined;
  return (
    <>
      <PageHeader
        title="Settings"
        line="OneKey posts signed events to your servers, at least once each. Request and response content is never sent."
        action={form}
      />
      <SettingsTabs current={PAGE} viewerRole={role} />
      {hasEndpoints ? (
        <>
          <Endpoints endpoints={endpoints} search={search} canManage={canManage} />
          <Deliveries
            accountId={account._id}
            hiddenTypes={isAllowed(role, "credits:view") ? [] : PAYMENT_EVENTS}
            endpoints={endpoints}
            search={search}
            canManage={canManage}
          />
        </>
      ) : (
        <div className="rounded-lg border border-line max-md:px-4">
          <Empty title="No endpoints yet">
            OneKey can post to your server when the balance is low, a limit is near, a payment is
            credited, a key changes or a model you use retires. Each delivery is signed, repeated
            for 3 days until it is accepted, and listed here.
          </Empty>
        </div>
      )}
      <CheckSignature />
    </>
  );
}

async function Endpoints({
  endpoints,
  search,
  canManage,
}: {
  endpoints: WebhookEndpoint[];
  search: WebhookSearch;
  canManage: boolean;
}) {
  const now = clock.now();
  const figures = await Promise.all(endpoints.map(({ _id }) => loadFigures(_id, now)));
  const failing = endpoints.find(
    ({ disabled }, index) => disabled || (figures[index]?.retryingCount ?? 0) > 0,
  );
  const openId = search.panel ?? (failing ?? endpoints[0])?._id;
  return (
    <Section
      title="Endpoints"
      action={
        <span className="text-sm text-muted tabular-nums">
          {endpoints.length} of {ENDPOINTS_MAX}
        </span>
      }
    >
      {endpoints.map((endpoint, index) => {
        const endpointFigures = figures[index];
        return endpointFigures === undefined ? null : (
          <EndpointPanel
            key={endpoint._id}
            endpoint={endpoint}
            figures={endpointFigures}
            isOpen={endpoint._id === openId}
            search={search}
            canManage={canManage}
            now={now}
          />
        );
      })}
    </Section>
  );
}

async function Deliveries({
  accountId,
  hiddenTypes,
  endpoints,
  search,
  canManage,
}: {
  accountId: string;
  hiddenTypes: WebhookEventType[];
  endpoints: WebhookEndpoint[];
  search: WebhookSearch;
  canManage: boolean;
}) {
  const listing = await listDeliveries({
    accountId,
    endpointId: search.endpoint,
    state: search.result,
    hiddenTypes,
    before: search.before,
    limit: PAGE_DELIVERIES + 1,
  });
  const deliveries = listing.slice(0, PAGE_DELIVERIES);
  const last = listing.length > PAGE_DELIVERIES ? deliveries.at(-1) : undefined;
  const link = buttonStyle({ size: "sm" });
  return (
    <Section title="Deliveries" action={<Filters endpoints={endpoints} search={search} />}>
      {deliveries.length === 0 ? (
        <p className="text-muted">
          {search.endpoint || search.result
            ? "No delivery of this endpoint and result."
            : "None yet. An event appears here a moment after it happens. Send test posts one now."}
        </p>
      ) : (
        <DeliveryTable
          deliveries={deliveries}
          endpoints={endpoints}
          search={search}
          canManage={canManage}
        />
      )}
      <div className="flex items-center justify-between gap-3">
        <p className="text-sm text-muted">Kept for {DELIVERY_DAYS} days</p>
        <nav aria-label="Pages" className="flex gap-2 empty:hidden">
          {search.before === undefined ? null : (
            <Link
              href={addressOf({ ...search, before: undefined, open: undefined })}
              prefetch={false}
              className={link}
            >
              Newest
            </Link>
          )}
          {last === undefined ? null : (
            <Link
              href={addressOf({ ...search, before: last, open: undefined })}
              prefetch={false}
              className={link}
            >
              Older
            </Link>
          )}
        </nav>
      </div>
    </Section>
  );
}

function Filters({ endpoints, search }: { endpoints: WebhookEndpoint[]; search: WebhookSearch }) {
  const results = [
    ["", "Any"],
    ["delivered", "Delivered"],
    ["pending", "Retrying"],
    ["failed", "Failed"],
    ["stopped", "Stopped"],
  ];
  return (
    <SearchForm action={PAGE} className="flex flex-wrap items-center justify-end gap-2">
      <NativeSelect
        label="Endpoint"
        name="endpoint"
        size="sm"
        value={search.endpoint ?? ""}
        options={[
          { value: "", label: "All" },
          ...endpoints.map(({ _id, url }) => ({ value: _id, label: new URL(url).host })),
        ]}
      />
      <NativeSelect
        label="Result"
        name="result"
        size="sm"
        value={search.result ?? ""}
        options={results.map(([value = "", label = ""]) => ({ value, label }))}
      />
      <Button type="submit" size="sm">
        Filter
      </Button>
    </SearchForm>
  );
}
