import { Button, Group, Text } from '@mantine/core'
import { download } from '../../../ui/download.ts'
import { Panel } from '../../../ui/panel.tsx'
import { tellDone, tellProblem } from '../../../ui/tell.ts'
import { useViewer } from '../../../ui/viewer.ts'
import { useSettings } from '../settings-context.ts'
import { fileName } from './file-name.ts'

export function ExportSettings() {
  const { integration, document } = useSettings()
  const { timeZone } = useViewer()
  const text = `${JSON.stringify(document, null, 2)}\n`
  const name = fileName(integration.name, new Date(), timeZone)

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      tellDone('The settings are copied.')
    } catch {
      tellProblem('The browser does not let this page copy. Download the file.')
    }
  }

  return (
    <Panel title="Export">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        What is in force now, as {name}.
      </Text>
      <Group gap="xs">
        <Button onClick={() => download(name, 'application/json', text)}>Download</Button>
        <Button variant="default" onClick={() => void copy()}>
          Copy
        </Button>
      </Group>
    </Panel>
  )
}
