import { adminKey, type RunningStart } from '../support/running-start.ts'

/** Runs an operation at a started gateway, as automation with scope ADMIN would. */
export async function ask<T>(started: RunningStart, query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${started.ports.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown }
  if (errors) throw new Error(`The gateway answered ${JSON.stringify(errors)}`)
  return data
}
