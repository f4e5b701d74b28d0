/** What receivers find before they have a key of ours: where everything is, and by which keys SETs are verified. */
import Type from 'typebox'
import { DomainError } from '../../errors.ts'
import { answer } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { problemResponses } from '../../http/problem.ts'
import type { World } from '../../world.ts'
import * as example from './ssf.examples.ts'
import { push } from './stream.schema.ts'
import type { Transmitter } from './transmitter.ts'

const Url = Type.String({ format: 'uri' })

const Configuration = Type.Object({
  spec_version: Type.String(),
  issuer: { ...Url, description: '`iss` of each SET' },
  jwks_uri: Url,
  delivery_methods_supported: Type.Array(Type.String()),
  configuration_endpoint: Url,
  status_endpoint: Url,
  verification_endpoint: Url,
  authorization_schemes: Type.Array(Type.Object({ spec_urn: Type.String() })),
  default_subjects: Type.String({ description: '`ALL`: whoever Locksmith does something to is told of' })
})

const Jwks = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      n: Type.String(),
      e: Type.String(),
      kid: Type.String({ description: 'Thumbprint of the key (RFC 7638)' }),
      alg: Type.String(),
      use: Type.String()
    })
  )
})

const configurationOf = (issuer: string) => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: `${issuer}/ssf/jwks.json`,
  delivery_methods_supported: [push],
  configuration_endpoint: `${issuer}/ssf/streams`,
  status_endpoint: `${issuer}/ssf/status`,
  verification_endpoint: `${issuer}/ssf/verify`,
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'ALL'
})

/** A new key is published for longer than that before it signs. */
const cached = 'public, max-age=600'

export function discoveryRoutes(app: App, world: World): void {
  app.get(
    '/.well-known/ssf-configuration',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'ssfConfiguration',
        tags: ['signals'],
        summary: 'Where security events come from, and how to get them',
        description:
          'Transmitter Configuration Metadata of the [Shared Signals Framework 1.0](https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html).',
        security: [],
        response: {
          200: answer('The metadata', Configuration, { ssfConfiguration: configurationOf(example.issuer) }),
          ...problemResponses('not-found')
        }
      }
    },
    async (_request, reply) => {
      const { issuer } = publishing(world)
      return reply.header('cache-control', cached).send(configurationOf(issuer))
    }
  )

  app.get(
    '/ssf/jwks.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'ssfKeys',
        tags: ['signals'],
        summary: 'Public keys by which security events are verified',
        description: 'A JSON Web Key Set (RFC 7517): RSA keys for RS256, the one that signs first.',
        security: [],
        response: {
          200: answer('The keys', Jwks, { ssfKeys: example.jwks as never }),
          ...problemResponses('not-found')
        }
      }
    },
    async (_request, reply) => reply.header('cache-control', cached).send(publishing(world).jwks as never)
  )
}

/** @throws DomainError not-found: where nothing is transmitted there is nothing to be discovered */
function publishing({ transmitter }: World): Transmitter {
  if (transmitter) return transmitter
  throw new DomainError(
    'not-found',
    'Locksmith transmits no security events here: that takes SSF_SIGNING_KEY and PUBLIC_URL.'
  )
}
