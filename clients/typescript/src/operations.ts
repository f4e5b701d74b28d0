/** Made by `npm run client` from openapi/openapi.json: change the routes, not this. */

/** Done once for each `Idempotency-Key`. Of others a second one finds it done, or does it twice. */
export const keyed: ReadonlySet<string> = new Set([
  "DELETE /users/{userId}/tokens",
  "DELETE /users/{userId}/tokens/{tokenId}",
  "POST /users/{userId}/reset",
  "POST /users/{userId}/reset-mail",
  "POST /users/{userId}/disable",
  "POST /users/{userId}/enable",
  "POST /users/{userId}/wipe",
  "POST /users/{userId}/offboard",
  "POST /users/{userId}/reinstate",
  "POST /operations/{operationId}/retry",
  "POST /operations/{operationId}/cancel",
  "POST /operations/undo",
  "POST /campaigns",
  "POST /campaigns/{campaignId}/extend",
  "POST /keys",
  "DELETE /keys/{keyId}",
  "POST /keys/{keyId}/rotate",
  "POST /webhooks",
  "PATCH /webhooks/{webhookId}",
  "DELETE /webhooks/{webhookId}",
  "POST /webhooks/{webhookId}/rotate",
  "POST /webhooks/{webhookId}/deliveries/{deliveryId}/replay",
  "POST /webhooks/{webhookId}/test",
  "POST /ssf/streams",
  "PATCH /ssf/streams",
  "PUT /ssf/streams",
  "DELETE /ssf/streams",
  "POST /ssf/status",
  "POST /ssf/verify",
  "POST /scim/v2/Users",
  "PUT /scim/v2/Users/{userId}",
  "PATCH /scim/v2/Users/{userId}",
  "DELETE /scim/v2/Users/{userId}",
  "POST /global-token-revocation"
])

/** What answers text and not JSON, or may. */
export const texts: ReadonlySet<string> = new Set([
  "GET /campaigns/{campaignId}/events",
  "GET /audit/checkpoint",
  "GET /audit/export",
  "GET /campaigns/{campaignId}/report",
  "GET /metrics",
  "GET /problems/{code}"
])
