/** What a call takes and gives, worked out of the document. */
import type { components, paths } from './schema.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type DryRun = components['schemas']['DryRun']

/** Paths that have this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never
}[keyof paths]

type At<P extends keyof paths, M extends Method> = paths[P][M]

type Query<Q> = [Q] extends [undefined] ? never : keyof Q extends 'dryRun' ? never : Omit<Q, 'dryRun'>
/** A dry run is a call of its own: it answers something else. */
type Params<O> = O extends { parameters: infer All }
  ? { [K in keyof All]: K extends 'query' ? Query<NonNullable<All[K]>> : All[K] }
  : never
type Optional<Name extends string, T> = Partial<T> extends T ? { [N in Name]?: T } : { [N in Name]: T }

type Body<O> = O extends { requestBody: { content: infer C } }
  ? { body: C[keyof C] }
  : O extends { requestBody?: { content: infer C } }
    ? { body?: C[keyof C] }
    : { body?: never }

export type ParseAs = 'stream' | 'arrayBuffer' | 'text'

export type Init<P extends keyof paths, M extends Method> = Optional<'params', Params<At<P, M>>> &
  Body<At<P, M>> & {
    signal?: AbortSignal | undefined
    headers?: Record<string, string>
  }

/** Where nothing has to be given it may be left out. */
export type InitArgs<T> = Partial<T> extends T ? [init?: T] : [init: T]

type Success = 200 | 201 | 202
type DataOf<O> = O extends { responses: infer R }
  ? { [S in keyof R & Success]: R[S] extends { content: infer C } ? C[keyof C] : undefined }[keyof R &
      Success]
  : never

export type Data<P extends keyof paths, M extends Method> = Exclude<DataOf<At<P, M>>, DryRun>
export type DryData<P extends keyof paths, M extends Method> =
  Extract<DataOf<At<P, M>>, DryRun> extends never ? DataOf<At<P, M>> : Extract<DataOf<At<P, M>>, DryRun>

type Parsed = { stream: ReadableStream<Uint8Array>; arrayBuffer: ArrayBuffer; text: string }

export type Answer<T> = { data: T; response: Response }

/** `parseAs`: other than by the answer's media type, such as a `stream` for what is long. */
export type Call<M extends Method> = {
  <P extends PathOf<M>, A extends ParseAs>(
    path: P,
    init: Init<P, M> & { parseAs: A }
  ): Promise<Answer<Parsed[A]>>
  <P extends PathOf<M>>(path: P, ...init: InitArgs<Init<P, M>>): Promise<Answer<Data<P, M>>>
}

/** An operation without a query has `query?: never`, and `keyof never` is every name. */
type QueryNames<O> = O extends { parameters: { query?: infer Q } }
  ? [NonNullable<Q>] extends [never]
    ? never
    : keyof NonNullable<Q>
  : never
type CanDryRun<M extends Method> = {
  [P in PathOf<M>]: 'dryRun' extends QueryNames<At<P, M>> ? P : never
}[PathOf<M>]

/** What would come of the call, with nothing changed anywhere. */
export type DryCall = {
  <P extends CanDryRun<'post'>>(
    method: 'POST',
    path: P,
    ...init: InitArgs<Init<P, 'post'>>
  ): Promise<Answer<DryData<P, 'post'>>>
  <P extends CanDryRun<'delete'>>(
    method: 'DELETE',
    path: P,
    ...init: InitArgs<Init<P, 'delete'>>
  ): Promise<Answer<DryData<P, 'delete'>>>
}

/** Lists that come in pages, and what is on them. */
export type ListPath = {
  [P in PathOf<'get'>]: Data<P, 'get'> extends { items: unknown[]; next: string | null } ? P : never
}[PathOf<'get'>]
export type ItemOf<P extends ListPath> = Data<P, 'get'> extends { items: (infer Item)[] } ? Item : never
