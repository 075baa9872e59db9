import { Button, Group, List, Stack, Text, Title } from '@mantine/core'
import type { MatchIdentifier, MatchView_PreviewQuery } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { HitCard } from './hit-card.tsx'
import { NotConnected } from './not-connected.tsx'
import { PreviewAnswer } from './preview-answer.tsx'
import { usePreviewState } from './preview-context.ts'
import classes from './preview-panel.module.css'
import { SectionLink } from './section-link.tsx'
import { usePreview } from './use-preview.ts'

const MatchView_Preview = graphql(`
  query MatchView_Preview($input: PreviewInput!) {
    preview(input: $input) {
      panel { integrations { label } }
      match {
        kind
        identifier
        actions
        hits { record { id name } ...HitCard_Hit }
      }
      why { rule text }
    }
  }
`)

type Match = NonNullable<MatchView_PreviewQuery['preview']['match']>

const nouns: Record<MatchIdentifier, string> = { PHONE: 'phone', EMAIL: 'e-mail', ACCOUNT_ID: 'account id' }

/** The pop-up that proposes whom the visitor may be, or why there is none. */
export function MatchView() {
  const { input } = usePreviewState()
  const preview = usePreview(MatchView_Preview, { input })
  return (
    <PreviewAnswer preview={preview}>
      {({ preview: { panel, match, why } }) => {
        if (panel.integrations.length === 0) return <NotConnected />
        return (
          <Stack gap="sm">
            {match ? <PopUp match={match} /> : <Text size="sm">No pop-up: nobody is looked for by itself.</Text>}
            {why.length > 0 && (
              <section aria-label="Why">
                <Title order={3} size="h5">
                  Why
                </Title>
                <List size="sm">
                  {why.map(({ rule, text }) => (
                    <List.Item key={`${rule} ${text}`}>{text}</List.Item>
                  ))}
                </List>
                <SectionLink section="integration" />
              </section>
            )}
          </Stack>
        )
      }}
    </PreviewAnswer>
  )
}

function PopUp({ match: { kind, identifier, actions, hits } }: { match: Match }) {
  const { choose, show } = usePreviewState()
  const by = identifier ? ` by ${nouns[identifier]}` : ''
  const titles = {
    NONE: 'Nobody is found',
    ONE: `One record is found${by}`,
    MANY: `${hits.length} records are found${by}`,
  }

  function tagAll() {
    choose(hits.map(({ record: { id, name } }) => ({ id, name })))
    show('TAG')
  }

  return (
    <section aria-label="Match pop-up" className={classes['card']}>
      <Title order={3} size="h5">
        {titles[kind]}
      </Title>
      {kind === 'NONE' && <Text size="sm">The ordinary search opens, and nothing is tagged by itself.</Text>}
      <ul className={classes['list']}>
        {hits.map((hit) => (
          <HitCard key={hit.record.id} hit={hit} detailed />
        ))}
      </ul>
      <Group gap="xs">
        {actions.includes('TAG') && (
          <Button size="xs" onClick={tagAll}>
            Tag this record
          </Button>
        )}
        {actions.includes('TAG_ALL') && (
          <Button size="xs" onClick={tagAll}>
            Tag all {hits.length}
          </Button>
        )}
        {actions.includes('SEARCH_ANOTHER') && (
          <Button size="xs" variant="default" onClick={() => show('SEARCH')}>
            Search another
          </Button>
        )}
      </Group>
    </section>
  )
}
