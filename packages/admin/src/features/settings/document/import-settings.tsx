import { Alert, Button, FileButton, Group, List, Textarea, Title } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import { graphql } from '../../../graphql/generated/index.ts'
import { Panel } from '../../../ui/panel.tsx'
import { differencesOf } from '../difference/difference.ts'
import { DifferenceList } from '../difference/difference-list.tsx'
import { pathLabel } from '../difference/member-labels.ts'
import { useSettings } from '../settings-context.ts'
import { useSave } from '../use-save.ts'
import { useUnsaved } from '../use-unsaved.ts'
import { readDocument } from './read-document.ts'

const ImportSettings_Import = graphql(`
  mutation ImportSettings_Import($input: SettingsDocumentInput!) {
    importSettings(input: $input) { ...SettingsOutcome }
  }
`)

interface Refusal {
  message: string | null
  /** By where in the document they are. */
  faults: Readonly<Record<string, string>>
}

/** A document is shown as what it would change, here and in the preview, before it is put in force. */
export function ImportSettings() {
  const { integration, document } = useSettings()
  const save = useSave()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const read = useMemo(() => readDocument(text, integration.provider), [text, integration.provider])
  const imported = read.kind === 'DOCUMENT' ? read.document : null
  const differences = imported ? differencesOf(document, imported, { partial: true }) : []
  const differs = differences.length > 0
  useUnsaved(
    useMemo(() => (imported && differs ? (inForce) => ({ ...inForce, ...imported }) : null), [imported, differs]),
  )

  const enter = useCallback((entered: string) => {
    setRefusal(null)
    setText(entered)
  }, [])

  async function apply() {
    setBusy(true)
    setRefusal(null)
    const input = { integrationId: integration.id, expectedVersion: integration.settings.version, document: imported }
    const outcome = await save(ImportSettings_Import, { input }, (it) => it.importSettings, {
      done: 'The document is in force.',
      fields: (path) => pathLabel(path.slice(2)) || undefined,
    })
    setBusy(false)
    if (outcome.kind === 'SAVED') enter('')
    else setRefusal({ message: outcome.message, faults: outcome.kind === 'REFUSED' ? outcome.fields : {} })
  }

  return (
    <Panel
      title="Import"
      about="A list in the document takes the place of the whole list; what the document leaves out stays. Nothing is in force before you have seen what changes."
    >
      <Group>
        <FileButton accept="application/json,.json" onChange={(file) => void file?.text().then(enter)}>
          {(props) => (
            <Button variant="default" {...props}>
              Choose a file
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        label="Or paste a document"
        value={text}
        onChange={(event) => enter(event.currentTarget.value)}
        error={read.kind === 'UNREADABLE' ? read.message : undefined}
        autosize
        minRows={4}
        maxRows={14}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      {imported && !differs && <Alert color="gray">Nothing differs: all of that is in force already.</Alert>}
      {differs && (
        <>
          <Title order={3} size="h5">
            What will change
          </Title>
          <DifferenceList label="What will change" differences={differences} />
        </>
      )}
      {refusal && (
        <Alert color="red" role="alert" title="It was not imported">
          {refusal.message}
          {Object.keys(refusal.faults).length > 0 && (
            <List size="sm">
              {Object.entries(refusal.faults).map(([where, message]) => (
                <List.Item key={where}>
                  <strong>{where}:</strong> {message}
                </List.Item>
              ))}
            </List>
          )}
        </Alert>
      )}
      {differs && (
        <Group justify="flex-end">
          <Button variant="default" onClick={() => enter('')}>
            Discard
          </Button>
          <Button loading={busy} onClick={() => void apply()}>
            Import
          </Button>
        </Group>
      )}
    </Panel>
  )
}
