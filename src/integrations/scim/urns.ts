/** Names of schemas and messages (RFC 7643, section 10.3; RFC 7644, section 10.3), and the two that are ours. */
export const urn = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  /** Of a user: what Locksmith is about to do to it. */
  operation: 'urn:locksmith:params:scim:schemas:extension:1.0:Operation',
  /** Of an error: the problem (RFC 9457) as all other routes tell it. */
  problem: 'urn:locksmith:params:scim:api:messages:1.0:Problem'
} as const

/** `application/json` is taken as well, and never sent (RFC 7644, section 8.1). */
export const mediaType = 'application/scim+json'

/** Where all of it is. */
export const prefix = '/scim/v2'
