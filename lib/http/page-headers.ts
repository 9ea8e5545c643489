import type { EnvSettings } from "@/lib/env";

/**
 * The parts of the site whose pages load different things from elsewhere. A document keeps its policy while it lives, so
 * going from one area to another always loads a new document.
 */
export type PageArea = "site" | "sign-in" | "dashboard" | "credits";

/** The credits page is a separate area only where it may reach a relay. */
export function areaOf(
  pathname: string,
  { walletConnect }: Pick<EnvSettings, "walletConnect">,
): PageArea {
  const [, first, second] = pathname.split("/");
  if (first === "dashboard" && second === "credits" && walletConnect !== null) return "credits";
  return first === "sign-in" || first === "dashboard" ? first : "site";
}

interface PageRequest {
  area: PageArea;
  nonce: string;
  env: Pick<
    EnvSettings,
    | "nextauthUrl"
    | "analytics"
    | "google"
    | "github"
    | "stripe"
    | "walletConnect"
    | "sandboxUrls"
    | "development"
  >;
}

/** The headers of a page. Responses under /v1 have none of them. */
export function pageHeaders(page: PageRequest): Record<string, string> {
  return {
    "content-security-policy": contentPolicy(page),
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": permissions,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    // One Tap and wallets answer from a window that they open.
    "cross-origin-opener-policy": page.area === "site" ? "same-origin" : "same-origin-allow-popups",
    ...(page.env.nextauthUrl.startsWith("https://")
      ? { "strict-transport-security": "max-age=63072000" }
      : {}),
  };
}

const permissions = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
]
  .map((feature) => `${feature}=()`)
  .join(", ");

/** Scripts run only with the nonce of this response, or when a script that ran loads them; nothing inline runs without it. */
export function contentPolicy({ area, nonce, env }: PageRequest): string {
  const from = elsewhere({ area, env });
  const directives: Record<string, string[]> = {
    "default-src": ["'none'"],
    "script-src": [
      "'self'",
      `'nonce-${nonce}'`,
      "'strict-dynamic'",
      ...(env.development ? ["'unsafe-eval'"] : []),
    ],
    "style-src": [
      "'self'",
      ...(from.inlineStyles ? ["'unsafe-inline'"] : [`'nonce-${nonce}'`]),
      ...from.style,
    ],
    "img-src": ["'self'", "data:", ...from.image],
    // Audio that the playground received, which exists only in the page.
    ...(area === "dashboard" || area === "credits" ? { "media-src": ["blob:"] } : {}),
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...from.connect],
    "frame-src": from.frame.length > 0 ? from.frame : ["'none'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'", ...from.form],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}

interface ExternalOrigins {
  image: string[];
  style: string[];
  connect: string[];
  frame: string[];
  /** Where the response to a form may redirect. */
  form: string[];
  inlineStyles: boolean;
}

/** Other hosts that an area's pages may speak to: those of what is set up on this server, and no others. */
function elsewhere({ area, env }: Omit<PageRequest, "nonce">): ExternalOrigins {
  const noOrigins: ExternalOrigins = {
    image: [],
    style: [],
    connect: [],
    frame: [],
    form: [],
    inlineStyles: env.development,
  };
  if (area === "site" && env.analytics !== null) {
    return {
      ...noOrigins,
      // Cookiebot's dialogue brings its styles inline.
      inlineStyles: true,
      image: [
        "https://imgsct.cookiebot.com",
        "https://www.googletagmanager.com",
        "https://*.google-analytics.com",
      ],
      connect: [
        "https://consent.cookiebot.com",
        "https://consentcdn.cookiebot.com",
        "https://www.googletagmanager.com",
        "https://*.google-analytics.com",
        "https://*.analytics.google.com",
      ],
      frame: ["https://consentcdn.cookiebot.com"],
    };
  }
  const form = formTargets(env);
  if (area === "sign-in" && env.google !== null) {
    const gsi = "https://accounts.google.com/gsi/";
    return { ...noOrigins, form, style: [`${gsi}style`], connect: [gsi], frame: [gsi] };
  }
  if (area === "credits" && env.walletConnect !== null)
    return { ...noOrigins, form, connect: [env.walletConnect.relayUrl] };
  return area === "site" ? noOrigins : { ...noOrigins, form };
}

/** The response to a form without scripts may be a redirect, which the policy checks too. */
function formTargets({ google, github, stripe, sandboxUrls }: PageRequest["env"]): string[] {
  if (sandboxUrls !== null)
    return [
      ...new Set(
        Object.values(sandboxUrls).flatMap((url) =>
          url === undefined ? [] : [new URL(url).origin],
        ),
      ),
    ];
  return [
    ...(google === null ? [] : ["https://accounts.google.com"]),
    ...(github === null ? [] : ["https://github.com"]),
    ...(stripe === null ? [] : ["https://checkout.stripe.com", "https://billing.stripe.com"]),
  ];
}
