import { INPUTS } from "@/lib/management/input";
import { webhookTexts } from "./webhook-texts";
import { limitsBody, newKeyBody } from "./management-examples";
import type { ManagementText } from "./management-text";

const name = { name: "Support" };
const limits = { schema: INPUTS.accountLimits, example: limitsBody };

/** Each operation of the management API, by method and path below /v1/manage. */
export const managementTexts: Record<string, ManagementText> = {
  "GET /projects": {
    operationId: "manageListProjects",
    scope: "read",
    summary: "List projects",
    description: "The projects of the account, with their limits.",
    returns: "Project",
    list: "complete",
  },
  "POST /projects": {
    operationId: "manageCreateProject",
    scope: "keys",
    summary: "Create a project",
    description: "Creates a project without keys and limits.",
    returns: "Project",
    status: 201,
    body: { schema: INPUTS.newProject, example: name },
  },
  "GET /projects/{project}": {
    operationId: "manageGetProject",
    scope: "read",
    summary: "Get a project",
    description: "One project. Its `ETag` is the version that an update names.",
    returns: "Project",
  },
  "PATCH /projects/{project}": {
    operationId: "manageRenameProject",
    scope: "keys",
    summary: "Rename a project",
    description: "Gives a project another name.",
    returns: "Project",
    body: { schema: INPUTS.newProject, example: name },
    updates: true,
  },
  "DELETE /projects/{project}": {
    operationId: "manageDeleteProject",
    scope: "keys",
    summary: "Delete a project",
    description: "Deletes a project and revokes its keys. Its usage rows stay.",
  },
  "GET /limits": {
    operationId: "manageGetAccountLimits",
    scope: "read",
    summary: "Get the limits of the account",
    description: "The limits over all projects and keys.",
    returns: "Limits",
  },
  "PUT /limits": {
    operationId: "manageSetAccountLimits",
    scope: "limits",
    summary: "Set the limits of the account",
    description: "Replaces all limits of the account. Those that are left out are removed.",
    returns: "Limits",
    body: limits,
    updates: true,
  },
  "GET /projects/{project}/limits": {
    operationId: "manageGetProjectLimits",
    scope: "read",
    summary: "Get the limits of a project",
    description: "The limits over all keys of a project.",
    returns: "Limits",
  },
  "PUT /projects/{project}/limits": {
    operationId: "manageSetProjectLimits",
    scope: "limits",
    summary: "Set the limits of a project",
    description:
      "Replaces all limits of a project. Those that are left out are removed. Its models, addresses and price guard stay.",
    returns: "Limits",
    body: limits,
    updates: true,
  },
  "GET /projects/{project}/keys": {
    operationId: "manageListKeys",
    scope: "read",
    summary: "List the keys of a project",
    description: "The keys of a project, without their secrets.",
    returns: "Key",
    list: "complete",
  },
  "POST /projects/{project}/keys": {
    operationId: "manageCreateKey",
    scope: "keys",
    summary: "Create a key",
    description:
      "Creates a key. Its secret is in this response only. With `limits` the management key needs the scope `limits` too.",
    returns: "NewKey",
    status: 201,
    body: { schema: INPUTS.newKey, example: newKeyBody },
  },
  "GET /keys/{key}": {
    operationId: "manageGetKey",
    scope: "read",
    summary: "Get a key",
    description: "One key, without its secret. Its `ETag` is the version that an update names.",
    returns: "Key",
  },
  "PATCH /keys/{key}": {
    operationId: "manageUpdateKey",
    scope: "keys",
    summary: "Change a key",
    description:
      "Changes the fields that are sent. With `limits` the management key needs the scope `limits` too.",
    returns: "Key",
    body: { schema: INPUTS.keyChanges, example: { expires_at: "2027-06-30T00:00:00Z" } },
    updates: true,
  },
  "POST /keys/{key}/rotate": {
    operationId: "manageRotateKey",
    scope: "keys",
    summary: "Rotate a key",
    description:
      "Gives a key a new secret, which is in this response only. Earlier secrets work for `overlap` more. Name, rules and limits stay.",
    returns: "NewKey",
    body: { schema: INPUTS.rotation, example: { overlap: "day" } },
  },
  "DELETE /keys/{key}": {
    operationId: "manageRevokeKey",
    scope: "keys",
    summary: "Revoke a key",
    description: "Revokes a key with all its secrets. The next request with it is refused.",
  },
  "GET /members": {
    operationId: "manageListMembers",
    scope: "read",
    summary: "List members",
    description: "Who belongs to the account, in which role. A personal account has its user.",
    returns: "Member",
    list: "complete",
  },
  "GET /members/{member}": {
    operationId: "manageGetMember",
    scope: "read",
    summary: "Get a member",
    description: "One member. Its `ETag` is the version that an update names.",
    returns: "Member",
  },
  "PATCH /members/{member}": {
    operationId: "manageSetRole",
    scope: "members",
    summary: "Change the role of a member",
    description:
      "Gives a member another role, from their next request on. Owners are changed in the settings only.",
    returns: "Member",
    body: { schema: INPUTS.memberChanges, example: { role: "viewer" } },
    updates: true,
  },
  "DELETE /members/{member}": {
    operationId: "manageRemoveMember",
    scope: "members",
    summary: "Remove a member",
    description:
      "Takes a member off the team, from their next request on. Keys that they created stay. Owners are removed in the settings only.",
  },
  "GET /invitations": {
    operationId: "manageListInvitations",
    scope: "read",
    summary: "List invitations",
    description: "Invitations that were not accepted, declined or revoked.",
    returns: "Invitation",
    list: "complete",
  },
  "POST /invitations": {
    operationId: "manageInvite",
    scope: "members",
    summary: "Invite somebody",
    description:
      "Mails an address a link that works once, for 7 days, and only for that address. An address has one pending invitation, and a team sends at most 100 a day.",
    returns: "Invitation",
    status: 201,
    body: {
      schema: INPUTS.newInvitation,
      example: { email: "sam@example.com", role: "developer" },
    },
  },
  "DELETE /invitations/{invitation}": {
    operationId: "manageRevokeInvitation",
    scope: "members",
    summary: "Revoke an invitation",
    description: "Revokes a pending invitation. Its link stops working.",
  },
  ...webhookTexts,
  "GET /credits": {
    operationId: "manageGetCredits",
    scope: "read",
    summary: "Get the balance of the account",
    description: "What can be spent, what is held for open requests, and the free requests.",
    returns: "Credits",
  },
  "GET /ledger": {
    operationId: "manageListLedger",
    scope: "read",
    summary: "List ledger entries",
    description: "Purchases, refunds, disputes and grants, newest first.",
    returns: "LedgerEntry",
    list: "pages",
  },
  "GET /usage/summary": {
    operationId: "manageSummarizeUsage",
    scope: "read",
    summary: "Summarize usage",
    description: "Requests, cost and tokens by day, project, model and ending.",
    returns: "UsageSummary",
    list: "complete",
    query: ["days"],
  },
  "GET /usage": {
    operationId: "manageListUsage",
    scope: "read",
    summary: "List usage rows of the account",
    description: "The rows of all projects, newest first. Rows are kept for 90 days.",
    returns: "UsageRow",
    list: "pages",
    query: ["days", "project"],
  },
  "GET /audit-log": {
    operationId: "manageListAuditLog",
    scope: "read",
    summary: "List the audit log",
    description: "Who changed what, newest first. Entries are kept for one year.",
    returns: "AuditEntry",
    list: "pages",
  },
};
